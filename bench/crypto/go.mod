module rolegate/bench/crypto

go 1.21

require github.com/tetratelabs/wazero v1.8.0
