#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| (unlabel_fuzz::target("protobuf").check)(data));
