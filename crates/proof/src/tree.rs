//! The Merkle tree over the hashes of a log's events.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use rapporteur_log::{Hash, Head};
use sha2::{Digest, Sha256};

/// The tree of a log up to some event.
#[derive(Default)]
pub struct Tree {
    leaves: MemoryBackedTree<Sha256, [u8; 32]>,
    hash: Hash,
}

impl Tree {
    /// Adds the event that comes next, by its hash.
    pub fn push(&mut self, hash: Hash) {
        self.leaves.push(*hash.as_bytes());
        self.hash = hash;
    }

    /// The last event.
    #[must_use]
    pub fn head(&self) -> Head {
        Head {
            position: self.leaves.len(),
            hash: self.hash,
        }
    }

    /// The root: 32 bytes that no other list of events gives.
    #[must_use]
    pub fn root(&self) -> [u8; 32] {
        match self.leaves.is_empty() {
            true => Sha256::digest([]).into(),
            false => (*self.leaves.root().as_bytes()).into(),
        }
    }

    /// The path of hashes that leads from the event at a position to the root; none if there is no such event.
    #[must_use]
    pub fn path(&self, position: u64) -> Option<Vec<[u8; 32]>> {
        let index = position.checked_sub(1).filter(|index| *index < self.leaves.len())?;
        let proof = self.leaves.prove_inclusion(usize::try_from(index).ok()?);
        Some(hashes(proof.as_bytes()))
    }

    /// The hashes that show that the tree of the first `size` events is the beginning of this one; none if it is no smaller.
    #[must_use]
    pub fn since(&self, size: u64) -> Option<Vec<[u8; 32]>> {
        let more = self
            .leaves
            .len()
            .checked_sub(size)
            .filter(|more| *more < self.leaves.len())?;
        let proof = self.leaves.prove_consistency(usize::try_from(more).ok()?);
        Some(hashes(proof.as_bytes()))
    }
}

/// Whether a path leads from the event of this hash, at this position, to the root of a tree of `size` events.
#[must_use]
pub(crate) fn leads(path: &[[u8; 32]], hash: Hash, position: u64, size: u64, root: [u8; 32]) -> bool {
    let Some(index) = position.checked_sub(1).filter(|index| *index < size) else {
        return false;
    };
    let root: RootHash<Sha256> = RootHash::new(root.into(), size);
    let proof = InclusionProof::<Sha256>::try_from_bytes(path.concat());
    proof.is_ok_and(|proof| root.verify_inclusion(hash.as_bytes(), index, &proof).is_ok())
}

/// Whether hashes show that a tree is the beginning of a larger one.
#[must_use]
pub(crate) fn begins(hashes: &[[u8; 32]], old: (u64, [u8; 32]), new: (u64, [u8; 32])) -> bool {
    let tree = |(size, root): (u64, [u8; 32])| RootHash::<Sha256>::new(root.into(), size);
    let proof = ConsistencyProof::<Sha256>::try_from_bytes(hashes.concat());
    proof.is_ok_and(|proof| tree(new).verify_consistency(&tree(old), &proof).is_ok())
}

fn hashes(bytes: &[u8]) -> Vec<[u8; 32]> {
    bytes.as_chunks().0.to_vec()
}
