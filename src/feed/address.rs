use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A block of IPv4 addresses, the length of its prefix, and what it is for. From IANA's registry of special-purpose
/// addresses (RFC 6890 and later), and the blocks for multicast and future use.
const SPECIAL_V4: &[(Ipv4Addr, u32, &str)] = &[
    (Ipv4Addr::UNSPECIFIED, 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared by a carrier"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "for protocols"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "for documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "a 6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "for benchmarks"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "for documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "for documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

const fn v6(a: u16, b: u16, c: u16) -> Ipv6Addr {
    Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)
}

/// Blocks of IPv6 addresses that are not public, though global unicast. All that is none is refused anyway.
const SPECIAL_V6: &[(Ipv6Addr, u32, &str)] = &[
    (v6(0x2001, 0, 0), 23, "for protocols"),
    (v6(0x2001, 0xdb8, 0), 32, "for documentation"),
    (v6(0x3fff, 0, 0), 20, "for documentation"),
];

/// Blocks of which some are well known by name; else they are only "not global".
const NAMED_V6: &[(Ipv6Addr, u32, &str)] = &[
    (v6(0x64, 0xff9b, 1), 48, "local NAT64"),
    (v6(0xfc00, 0, 0), 7, "unique-local"),
    (v6(0xfe80, 0, 0), 10, "link-local"),
    (v6(0xfec0, 0, 0), 10, "site-local"),
    (v6(0xff00, 0, 0), 8, "multicast"),
];

/// Why an address is not one of the public internet; `None` where it is.
///
/// IPv4 addresses inside IPv6 ones (mapped, 6to4, NAT64) are judged by what they stand for.
pub fn why_not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => why_not_v4(address),
        IpAddr::V6(address) => why_not_v6(address),
    }
}

fn why_not_v4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = u32::from(address);
    let within =
        |(net, length, _): &&(Ipv4Addr, u32, _)| (bits ^ u32::from(*net)) >> (32 - length) == 0;
    SPECIAL_V4.iter().find(within).map(|(_, _, what)| *what)
}

fn why_not_v6(address: Ipv6Addr) -> Option<&'static str> {
    if address.is_loopback() {
        return Some("loopback");
    }
    if address.is_unspecified() {
        return Some("this network");
    }
    if let Some(inside) = address.to_ipv4_mapped() {
        return why_not_v4(inside);
    }
    let bits = u128::from(address);
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => return why_not_v4(Ipv4Addr::from(bits as u32)),
        [0x2002, ..] => return why_not_v4(Ipv4Addr::from((bits >> 80) as u32)),
        _ => {}
    }
    let within =
        |(net, length, _): &&(Ipv6Addr, u32, _)| (bits ^ u128::from(*net)) >> (128 - length) == 0;
    let named = SPECIAL_V6.iter().chain(NAMED_V6).find(within);
    let is_global = bits >> 125 == 0b001;
    named
        .map(|(_, _, what)| *what)
        .or((!is_global).then_some("not global"))
}
