//! Which place a name means: an ordered chain of small passes. Each settles what it can and says so by its
//! rule; the next sees only what is left.

mod around;
mod confidence;
mod containment;
mod designator;
mod discourse;
mod rank;

use super::countries::Named;
use super::scene::Scene;

/// Runs the chain.
pub(super) fn resolve(scene: &mut Scene<'_>) {
    designator::narrow(scene);
    containment::narrow(scene);
    rank::settle_single(scene);
    scene.named = Named::find(scene);
    rank::settle_clear(scene);
    scene.named = Named::find(scene);
    rank::settle_rest(scene);
    rank::settle_again(scene);
    discourse::agree(scene);
    confidence::judge(scene);
    if scene.explains {
        rank::show_rest(scene);
    }
}
