package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/tetratelabs/wazero"
)

// parts are those that bench/parts/entry.ts numbers.
const parts = 8

// timeParts gives the median of each part of a token's verification, in microseconds, by a module whose exports do
// nothing else. The parts take turns, batch after batch.
func timeParts(plan newTokenPlan, tokens []string) ([]samples, error) {
	ctx := context.Background()
	code, err := os.ReadFile(plan.Parts)
	if err != nil {
		return nil, err
	}
	instance, err := wazero.NewRuntime(ctx).Instantiate(ctx, code)
	if err != nil {
		return nil, err
	}
	m := &module{instance}
	put := func(data []byte) (at, length uint64, err error) {
		if at, err = m.run(ctx, "buffer", uint64(len(data))); err == nil && !m.Memory().Write(uint32(at), data) {
			err = fmt.Errorf("no room for %d bytes", len(data))
		}
		return at, uint64(len(data)), err
	}
	config, configLength, err := put([]byte(plan.Config))
	if err != nil {
		return nil, err
	}
	jwk, jwkLength, err := put([]byte(plan.JWK))
	if err != nil {
		return nil, err
	}
	errors, err := m.run(ctx, "configure", config, configLength, jwk, jwkLength)
	if err != nil || errors != 0 {
		return nil, fmt.Errorf("the configuration has %d errors: %v", errors, err)
	}
	for _, token := range tokens {
		at, length, err := put([]byte(token))
		if err != nil {
			return nil, err
		}
		if added, err := m.run(ctx, "add", at, length); err != nil || added == 0 {
			return nil, fmt.Errorf("a token is refused: %v", err)
		}
	}
	result := make([]samples, parts)
	now := uint64(time.Now().Unix())
	// The first batch makes tables of keys.
	for batch := -1; batch < plan.Batches; batch++ {
		for part := range result {
			begin := time.Now()
			good, err := m.run(ctx, "run", uint64(part), uint64(len(tokens)), now)
			took := time.Since(begin)
			if err != nil || int(good) != len(tokens) {
				return nil, fmt.Errorf("part %d: %d of %d are in order: %v", part, good, len(tokens), err)
			}
			if batch >= 0 {
				result[part].add(took / time.Duration(len(tokens)))
			}
		}
	}
	return result, nil
}
