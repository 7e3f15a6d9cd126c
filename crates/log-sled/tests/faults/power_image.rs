//! Simulated power cuts: what reached the device at the moment of a kill is all that is left.
//!
//! The store lies in a file system in an image. When the writer is killed, the image is copied at once: what was only in the
//! system's cache is not in the copy. Takes seconds per cut and needs root and loop devices:
//! `cargo test -p rapporteur-log-sled --test faults -- --ignored --exact power_image::nothing_acknowledged_is_missing_after_power_cuts`

use crate::kill::{Redacted, append_and_kill, check_whole};
use crate::mount::{Mount, run};
use rapporteur_log_sled::{Options, SledLog};
use rapporteur_testkit::rng::Rng;
use std::fs::{self, File};

#[test]
#[ignore = "needs root and loop devices"]
fn nothing_acknowledged_is_missing_after_power_cuts() {
    let cuts = std::env::var("POWER_CUTS").map_or(12, |n| n.parse().unwrap());
    let mut rng = Rng::new(3);
    for cut in 0..cuts {
        let dir = tempfile::tempdir().unwrap();
        let [image, left, live, after] = ["image", "left", "live", "after"].map(|name| dir.path().join(name));
        File::create(&image).unwrap().set_len(128 << 20).unwrap();
        run("mkfs.ext4", &["-q", "-F", image.to_str().unwrap()]);
        fs::create_dir(&live).unwrap();
        fs::create_dir(&after).unwrap();
        let running = Mount::new(&["-o", "loop", image.to_str().unwrap()], &live);
        let acknowledged = append_and_kill(&live.join("store"), 1 + rng.below(400));
        fs::copy(&image, &left).unwrap();
        drop(running);
        let _mounted = Mount::new(&["-o", "loop", left.to_str().unwrap()], &after);
        let log = SledLog::open(&after.join("store"), &Options::default()).unwrap();
        let end = check_whole(&log, acknowledged, &Redacted::default(), &format!("cut {cut}"));
        println!("cut {cut}: {acknowledged} acknowledged, {end} there, {:?}", log.notes());
    }
}
