package main

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"runtime"
	"sort"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
)

// tokenResult has the median of each batch, in microseconds.
type tokenResult struct {
	// New is handle_request with an RS256 token that the guest has never seen, Again with the one before it.
	New   samples `json:"new"`
	Again samples `json:"again"`
	// Go is Go's own verification of the same tokens: SHA-256 and RSA of what is already split and decoded.
	Go samples `json:"go"`
	// Bytes of the tokens, on average.
	Bytes int `json:"bytes"`
}

// timeTokens sends each token twice to one guest, and has Go verify its signature in the same batch.
func timeTokens(o options) (any, error) {
	ctx := context.Background()
	// One processor has one idle guest to itself: see watchMemory.
	runtime.GOMAXPROCS(1)
	signer, err := newSigner(o.keys, true)
	if err != nil {
		return nil, err
	}
	h, err := newHost(ctx, o, wazero.NewCompilationCache())
	if err != nil {
		return nil, err
	}
	passed := 0
	h.next = func(http.ResponseWriter, *http.Request) { passed++ }
	handle := func(token string, number int) time.Duration {
		// Never a write: its audit is not part of what is compared.
		h.ServeHTTP(newSink(), requestWith(token, 10*number+1))
		return h.guests[0].took
	}
	result := tokenResult{}
	bytes := 0
	for batch := -1; batch < o.batches; batch++ {
		var first, again, native samples
		tokens := make([]string, o.requests)
		for i := range tokens {
			number := (batch+1)*o.requests + i
			tokens[i] = signer.sign(12*number, time.Now().Add(time.Hour).Unix(), true)
			bytes += len(tokens[i])
		}
		for i, token := range tokens {
			first.add(handle(token, i))
			again.add(handle(token, i))
		}
		for _, token := range tokens {
			took, err := verifyNatively(token, &signer.rsa.PublicKey)
			if err != nil {
				return nil, err
			}
			native.add(took)
		}
		// The first batch warms up.
		if batch < 0 {
			continue
		}
		for into, times := range map[*samples]samples{
			&result.New: first, &result.Again: again, &result.Go: native,
		} {
			sort.Float64s(times)
			*into = append(*into, times[len(times)/2])
		}
	}
	if all := 2 * (o.batches + 1) * o.requests; passed != all || len(h.guests) != 1 {
		return nil, fmt.Errorf("of %d requests %d were let through by %d guests", all, passed, len(h.guests))
	}
	result.Bytes = bytes / ((o.batches + 1) * o.requests)
	return result, nil
}

func verifyNatively(token string, key *rsa.PublicKey) (time.Duration, error) {
	dot := strings.LastIndexByte(token, '.')
	input := []byte(token[:dot])
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	digest := sha256.Sum256(input)
	err = rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature)
	return time.Since(begin), err
}
