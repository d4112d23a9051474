//! All integration tests in one program. Every one runs offline and from `fixtures/` alone.

mod layers;
mod rules;
