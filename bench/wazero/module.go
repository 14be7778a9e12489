package main

import (
	"context"
	"fmt"
	"os"

	"github.com/tetratelabs/wazero"
	wasmapi "github.com/tetratelabs/wazero/api"
)

// arrayBuffer is AssemblyScript's number for that class.
const arrayBuffer = 1

// module is one of AssemblyScript's without imports, whose exports are called one by one.
type module struct{ wasmapi.Module }

// argument is a number, or bytes that the export gets in an ArrayBuffer.
type argument struct {
	Number int64  `json:"number"`
	Bytes  []byte `json:"bytes"`
}

func (s *server) open(ctx context.Context, wasm string) (*module, error) {
	code, err := os.ReadFile(wasm)
	if err != nil {
		return nil, err
	}
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCompilationCache(s.cache))
	instance, err := runtime.Instantiate(ctx, code)
	if err != nil {
		return nil, err
	}
	return &module{instance}, nil
}

func (m *module) run(ctx context.Context, name string, arguments ...uint64) (uint64, error) {
	function := m.ExportedFunction(name)
	if function == nil {
		return 0, fmt.Errorf("no export %s", name)
	}
	results, err := function.Call(ctx, arguments...)
	if err != nil || len(results) == 0 {
		return 0, err
	}
	return results[0], nil
}

// call is what Guest.call in test/vectors/guest.ts does: afterwards the request region is cleared.
func (m *module) call(ctx context.Context, o order) (result reply, err error) {
	arguments := make([]uint64, len(o.Args))
	for i, a := range o.Args {
		if arguments[i] = uint64(a.Number); a.Bytes == nil {
			continue
		}
		if arguments[i], err = m.run(ctx, "__new", uint64(len(a.Bytes)), arrayBuffer); err != nil {
			return result, err
		}
		if !m.Memory().Write(uint32(arguments[i]), a.Bytes) {
			return result, fmt.Errorf("no room for %d bytes", len(a.Bytes))
		}
	}
	value, err := m.run(ctx, o.Name, arguments...)
	if err != nil {
		return result, err
	}
	if o.Result == "bytes" {
		result.Bytes, err = m.content(uint32(value))
	} else {
		result.Number = int64(int32(value))
	}
	if err == nil {
		_, err = m.run(ctx, "clear")
	}
	return result, err
}

// content is what an object holds, whose size stands before it; null has none.
func (m *module) content(at uint32) ([]byte, error) {
	if at == 0 {
		return nil, nil
	}
	size, known := m.Memory().ReadUint32Le(at - 4)
	view, inside := m.Memory().Read(at, size)
	if !known || !inside {
		return nil, fmt.Errorf("result at %d is outside of the memory", at)
	}
	return append([]byte{}, view...), nil
}
