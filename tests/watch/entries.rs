//! How entries are known again, and what of them is left aside.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::server::{Reply, Server};
use crate::{STORY, articles, assert_says, feed_only, folder, once, poll};

/// A feed that has these elements in its items.
fn feed(items: &[String]) -> String {
    let item = |item: &String| format!("<item>{item}<description>{STORY}</description></item>");
    let items: String = items.iter().map(item).collect();
    format!(
        "<?xml version='1.0'?><rss version='2.0' xmlns:georss='http://www.georss.org/georss'
        xmlns:gml='http://www.opengis.net/gml' xmlns:media='http://search.yahoo.com/mrss/'>
        <channel><title>J</title>{items}</channel></rss>"
    )
}

#[test]
fn an_entry_is_known_by_its_guid_else_by_its_link_else_by_its_text() {
    let folder = folder();
    let server = feed_only({
        let polls = AtomicUsize::new(0);
        move |_| {
            // Titles, order and number change from poll to poll.
            let poll = polls.fetch_add(1, Ordering::SeqCst);
            let mut items = vec![
                "<guid isPermaLink='false'>7</guid><link>/a</link>".to_owned(),
                "<link>/b</link>".to_owned(),
                String::new(),
            ];
            items.rotate_left(poll % 3);
            Reply::ok(feed(&items))
        }
    });
    assert_says(&poll(&folder, &server), 0, &["3 items: 3 new"]);
    let known = articles(&folder);
    let host = server.host();
    assert_eq!(known[..2], [format!("{host}/7"), server.url("/b")]);
    for _ in 0..2 {
        let again = ["3 items: 0 new, 0 replaced, 3 unchanged, 0 failed"];
        assert_says(&poll(&folder, &server), 0, &again);
    }
    assert_eq!(articles(&folder), known);
}

/// Where redirects lead may be another host each time.
#[test]
fn an_entry_keeps_its_id_wherever_its_feed_is_sent_from() {
    let folder = folder();
    let mirror = Server::start(|request| match request.path.as_str() {
        "/feed" => Reply::ok(feed(&["<guid isPermaLink='false'>7</guid>".to_owned()])),
        _ => Reply::new(404),
    });
    let elsewhere = mirror.url("/feed");
    let polls = AtomicUsize::new(0);
    let server = feed_only(move |_| match polls.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::ok(feed(&["<guid isPermaLink='false'>7</guid>".to_owned()])),
        _ => Reply::new(302).with(format!("Location: {elsewhere}")),
    });
    let host = mirror.host();
    let poll = || {
        once(
            &folder,
            &server,
            &[&server.url("/feed")],
            &["--allow-private", &host],
        )
    };
    assert_says(&poll(), 0, &["1 items: 1 new"]);
    assert_says(&poll(), 0, &["1 items: 0 new, 0 replaced, 1 unchanged"]);
    assert_eq!(mirror.asked("/feed"), 1);
}

#[test]
fn geometries_of_any_kind_keep_no_entry_back() {
    let geometries = [
        "<georss:point>36.2 37.1</georss:point>",
        "<georss:line>36.2 37.1 36.3 37.2</georss:line>",
        "<georss:polygon>36.2 37.1 36.3 37.2 36.4 37.1 36.2 37.1</georss:polygon>",
        "<georss:box>36.2 37.1 36.3 37.2</georss:box>",
        "<georss:point>north</georss:point><georss:radius>-</georss:radius>",
        "<georss:where><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList/></gml:LinearRing></gml:exterior></gml:Polygon></georss:where>",
        "<media:group><media:group><media:content url='http://[' duration='x'/></media:group></media:group>",
    ];
    let items: Vec<_> = geometries
        .iter()
        .enumerate()
        .map(|(id, geometry)| format!("<guid>{id}</guid>{geometry}"))
        .collect();
    let (folder, server) = (folder(), feed_only(move |_| Reply::ok(feed(&items))));
    let expected = ["7 items: 7 new, 0 replaced, 0 unchanged, 0 failed; 7 events"];
    assert_says(&poll(&folder, &server), 0, &expected);
}
