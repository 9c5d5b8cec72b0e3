//! Which place a name means: an ordered chain of small passes. Each settles what it can and says so by its
//! rule; the next sees only what is left.

mod closeness;
mod containment;
mod designator;
mod discourse;
mod isolation;
mod rank;

use super::scene::Scene;

/// Runs the chain.
pub(super) fn resolve(scene: &mut Scene<'_>) {
    designator::narrow(scene);
    containment::narrow(scene);
    rank::settle_single(scene);
    rank::settle_clear(scene);
    closeness::settle(scene);
    discourse::agree(scene);
    isolation::doubt(scene);
}
