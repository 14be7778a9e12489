package main

import (
	"context"
	"encoding/binary"
	"os"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// guest is one instance of the benchmark's module, as Traefik would have it: wazero's compiler.
type guest struct {
	ctx    context.Context
	module api.Module
}

func newGuest(ctx context.Context, path string) guest {
	code, err := os.ReadFile(path)
	check(err)
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigCompiler())
	module, err := runtime.Instantiate(ctx, code)
	check(err)
	return guest{ctx, module}
}

func (g guest) call(name string, arguments ...uint64) uint64 {
	results, err := g.module.ExportedFunction(name).Call(g.ctx, arguments...)
	check(err)
	if len(results) == 0 {
		return 0
	}
	return results[0]
}

// put copies bytes into the guest, where they stay.
func (g guest) put(data []byte) uint64 {
	at := g.call("buffer", uint64(len(data)))
	if !g.module.Memory().Write(uint32(at), data) {
		panic("outside of memory")
	}
	return at
}

// putCases copies messages and signatures, and the table of where they are.
func (g guest) putCases(cases []signed) uint64 {
	table := []byte{}
	for _, c := range cases {
		for _, part := range [][]byte{c.message, c.signature} {
			table = binary.LittleEndian.AppendUint32(table, uint32(g.put(part)))
			table = binary.LittleEndian.AppendUint32(table, uint32(len(part)))
		}
	}
	return g.put(table)
}
