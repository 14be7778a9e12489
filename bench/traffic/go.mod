module rolegate/bench/traffic

go 1.21
