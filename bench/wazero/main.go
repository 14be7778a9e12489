// Wazero runs plugin.wasm as Traefik 3.7 does: wazero 1.8.0 and http-wasm-host-go 0.7.0 for net/http, put together
// in the same way. `wazero startup` times new guests, of one module or of two, `wazero memory` watches the memory of
// one, `wazero decide` times a warm request under two configurations, `wazero token` one with a token that is new and
// again, `wazero new-token` new ones beside Go's own work on them, `wazero warm` one that guests take in turn, by
// several modules and by none. `wazero serve` is for tests: it does what it is told on standard input.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

// options are those of all commands; each reads what it needs.
type options struct {
	wasm, against, config, other, mount, request, keys, cache, plan string
	guests, batches, requests                                       int
	onlyRSA                                                         bool
}

func main() {
	commands := map[string]func(options) (any, error){
		"startup": startup, "memory": watchMemory, "decide": decide, "token": timeTokens, "warm": warm,
		"new-token": timeNewTokens, "serve": serve,
	}
	command, known := commands[append(os.Args, "")[1]]
	if !known {
		fmt.Fprintln(os.Stderr, "wazero startup | memory | decide | token | warm | new-token | serve -wasm … -config … -mount folder:path …")
		os.Exit(2)
	}
	result, err := command(parse(os.Args[2:]))
	if err == nil && result != nil {
		err = json.NewEncoder(os.Stdout).Encode(result)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "wazero:", err)
		os.Exit(1)
	}
}

func parse(arguments []string) (o options) {
	flags := flag.NewFlagSet("wazero", flag.ExitOnError)
	flags.StringVar(&o.wasm, "wasm", "", "plugin.wasm")
	flags.StringVar(&o.against, "against", "", "startup: the module to compare with")
	flags.StringVar(&o.plan, "plan", "", "warm, new-token: file of what is compared, see warm.go, newtoken.go")
	flags.StringVar(&o.config, "config", "", "file of the middleware's block, as get_config gives it")
	flags.StringVar(&o.other, "other", "", "decide: the block to compare with")
	flags.StringVar(&o.mount, "mount", "", "folder:path")
	flags.StringVar(&o.request, "request", "", "startup, decide: file of a request that is let through")
	flags.IntVar(&o.guests, "guests", 50, "startup: guests alive together")
	flags.IntVar(&o.batches, "batches", 10, "startup, decide, token: batches")
	flags.IntVar(&o.requests, "requests", 1_000_000, "memory: how many; decide, token: of a batch")
	flags.BoolVar(&o.onlyRSA, "rsa", false, "memory: no token with ECDSA")
	flags.StringVar(&o.keys, "keys", "", "memory, token: file of private keys and claims, for tokens")
	flags.StringVar(&o.cache, "cache", "", "serve: folder that keeps compiled code")
	flags.Parse(arguments)
	return o
}
