module rolegate/test/host

go 1.21
