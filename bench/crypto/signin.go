package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
)

// A session's cookie for a user of many groups is to be below this.
const cookieBytes = 600

// measureSignIn times what sign-in adds: sealing, opening, the keys for it, and the signature of a client.
func measureSignIn(ctx context.Context, path string, batches int) []Row {
	g := newGuest(ctx, path)
	secret := make([]byte, 32)
	rand.Read(secret)
	at := g.put(secret)
	text := g.put(make([]byte, cookieBytes))
	ring := g.call("ring", at)
	seal := func(opens uint64) (float64, float64) {
		return timed(batches, func(n int) {
			must(g.call("sealed", ring, text, cookieBytes, opens, uint64(n)), n, "sealed values")
		})
	}
	sealMin, sealMedian := seal(0)
	bothMin, bothMedian := seal(1)
	keyMin, keyMedian := timed(batches, func(n int) { g.call("schedule", at, uint64(n)) })

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	private := g.put(key.D.FillBytes(make([]byte, 32)))
	// The signing key is made once in each call: a few more signatures than one drown it.
	signMin, signMedian := timed(batches, func(n int) { g.call("sign", private, at, uint64(n)) })
	goMin, goMedian := timed(batches, func(n int) {
		for i := 0; i < n; i++ {
			_, _, err := ecdsa.Sign(rand.Reader, key, secret)
			check(err)
		}
	})
	return []Row{
		{What: fmt.Sprintf("sealing %d B", cookieBytes), Min: sealMin, Median: sealMedian},
		{What: fmt.Sprintf("sealing and opening %d B", cookieBytes), Min: bothMin, Median: bothMedian},
		{What: "keys of a secret for one purpose", Min: keyMin, Median: keyMedian},
		{What: "ES256, signing", Min: signMin, Median: signMedian, GoMin: goMin, GoMedian: goMedian, Ratio: signMin / goMin},
	}
}
