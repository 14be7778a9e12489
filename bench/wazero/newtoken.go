package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"os"
	"runtime"
	"slices"
	"sort"
	"time"

	"github.com/tetratelabs/wazero"
)

// newTokenPlan is what `wazero new-token` reads.
type newTokenPlan struct {
	// Modules: the plugin, and others to compare it with.
	Modules []string `json:"modules"`
	Config  text     `json:"config"`
	// Keys has the private keys, and the claims of a token, which gets its own `jti` and times.
	Keys keys `json:"keys"`
	// Parts is the module that parts.go times, JWK a key that it imports.
	Parts string `json:"parts"`
	JWK   text   `json:"jwk"`
	// RSA: RS256, else ES256.
	RSA     bool `json:"rsa"`
	Batches int  `json:"batches"`
	// Tokens of a batch: more than a guest remembers.
	Tokens int `json:"tokens"`
}

// newTokenResult has the median of each batch, in microseconds.
type newTokenResult struct {
	// New is handle_request of each module with tokens that its guest has never seen, Again with the token before.
	New   []samples `json:"new"`
	Again []samples `json:"again"`
	// Go is Go's own work on the same tokens: it takes the token apart, decodes it, parses its JSON, verifies its
	// signature and looks at its claims. Signature is the hash and the signature of what is decoded already.
	Go        samples `json:"go"`
	Signature samples `json:"signature"`
	// Parts are those of the verification, in the order of bench/parts/entry.ts.
	Parts []samples `json:"parts"`
	// Bytes of the tokens, on average.
	Bytes int `json:"bytes"`
}

// timeNewTokens gives the same tokens to one guest of each module and to Go, in turn, batch after batch.
func timeNewTokens(o options) (any, error) {
	// One processor has one idle guest to itself: see watchMemory.
	runtime.GOMAXPROCS(1)
	content, err := os.ReadFile(o.plan)
	if err != nil {
		return nil, err
	}
	plan := newTokenPlan{}
	if err := json.Unmarshal(content, &plan); err != nil {
		return nil, err
	}
	signer, err := signerOf(plan.Keys)
	if err != nil {
		return nil, err
	}
	result := newTokenResult{New: make([]samples, len(plan.Modules)), Again: make([]samples, len(plan.Modules))}
	turns := []func([]string) error{}
	for i, file := range plan.Modules {
		h, err := hostOfModule(file, plan.Config)
		if err != nil {
			return nil, err
		}
		first, again := &result.New[i], &result.Again[i]
		turns = append(turns, func(tokens []string) error { return h.timeTokens(tokens, first, again) })
	}
	own := verifier{rsa: &signer.rsa.PublicKey, ec: &signer.ec.PublicKey}
	turns = append(turns,
		func(tokens []string) error { return timeEach(tokens, &result.Go, own.prepareWhole) },
		func(tokens []string) error { return timeEach(tokens, &result.Signature, own.prepareSignature) },
	)
	bytes := 0
	var last []string
	for batch := 0; batch <= plan.Batches; batch++ {
		tokens := make([]string, plan.Tokens)
		for i := range tokens {
			tokens[i] = signer.signClaims(batch*plan.Tokens+i, plan.RSA)
			bytes += len(tokens[i])
		}
		last = tokens
		for i := range turns {
			// In turn the first: after another's batch the caches are its own.
			if err := turns[(batch+i)%len(turns)](tokens); err != nil {
				return nil, err
			}
		}
	}
	// The first batch has made guests, and tables of keys.
	result.Go, result.Signature = result.Go[1:], result.Signature[1:]
	for i := range plan.Modules {
		result.New[i], result.Again[i] = result.New[i][1:], result.Again[i][1:]
	}
	result.Bytes = bytes / ((plan.Batches + 1) * plan.Tokens)
	result.Parts, err = timeParts(plan, last)
	return result, err
}

func hostOfModule(file string, config text) (*host, error) {
	return newHostWith(context.Background(), options{wasm: file}, []byte(config), wazero.NewCompilationCache())
}

// timeTokens sends each token twice.
func (h *host) timeTokens(tokens []string, first, again *samples) error {
	passed := 0
	h.next = func(http.ResponseWriter, *http.Request) { passed++ }
	handle := func(token string, number int) time.Duration {
		// Never a write: its audit is not part of what is compared.
		h.ServeHTTP(newSink(), requestWith(token, 10*number+1))
		return h.guests[len(h.guests)-1].took
	}
	var firsts, agains samples
	for i, token := range tokens {
		firsts.add(handle(token, i))
		agains.add(handle(token, i))
	}
	if passed != 2*len(tokens) {
		return fmt.Errorf("of %d requests %d were let through", 2*len(tokens), passed)
	}
	first.addMedian(firsts)
	again.addMedian(agains)
	return nil
}

// timeEach times what `prepare` makes of each token.
func timeEach(tokens []string, into *samples, prepare func(string) func() error) error {
	var times samples
	for _, token := range tokens {
		verify := prepare(token)
		begin := time.Now()
		err := verify()
		times.add(time.Since(begin))
		if err != nil {
			return err
		}
	}
	into.addMedian(times)
	return nil
}

func (s *samples) addMedian(of samples) {
	sort.Float64s(of)
	*s = append(*s, of[len(of)/2])
}

func (s *signer) signClaims(number int, withRSA bool) string {
	claims := map[string]any{}
	for name, value := range s.keys.Claims {
		claims[name] = value
	}
	now := time.Now().Unix()
	claims["exp"], claims["iat"] = now+3600, now
	claims["jti"] = fmt.Sprintf("%032x", number)
	return s.compact(claims, withRSA)
}

// verifier is what a program in Go would have in the place of the plugin.
type verifier struct {
	rsa *rsa.PublicKey
	ec  *ecdsa.PublicKey
}

// goClaims are those that the plugin reads of these tokens, or that rules, headers and logs are made of.
type goClaims struct {
	Issuer      string `json:"iss"`
	Subject     string `json:"sub"`
	Audience    any    `json:"aud"`
	Expires     int64  `json:"exp"`
	NotBefore   int64  `json:"nbf"`
	Issued      int64  `json:"iat"`
	Type        string `json:"typ"`
	Client      string `json:"azp"`
	Scope       string `json:"scope"`
	User        string `json:"preferred_username"`
	Email       string `json:"email"`
	Verified    bool   `json:"email_verified"`
	RealmAccess struct {
		Roles []string `json:"roles"`
	} `json:"realm_access"`
}

var errRefused = errors.New("refused")

func (v verifier) prepareWhole(token string) func() error {
	return func() error {
		parts := bytes.Split([]byte(token), []byte("."))
		if len(parts) != 3 {
			return errRefused
		}
		decoded := [3][]byte{}
		for i, part := range parts {
			decoded[i] = make([]byte, base64.RawURLEncoding.DecodedLen(len(part)))
			if _, err := base64.RawURLEncoding.Strict().Decode(decoded[i], part); err != nil {
				return err
			}
		}
		header := struct {
			Algorithm string   `json:"alg"`
			Type      string   `json:"typ"`
			Kid       string   `json:"kid"`
			Critical  []string `json:"crit"`
		}{}
		claims := goClaims{}
		if err := json.Unmarshal(decoded[0], &header); err != nil {
			return err
		}
		if err := json.Unmarshal(decoded[1], &claims); err != nil {
			return err
		}
		if header.Type != "JWT" || header.Kid == "" || header.Critical != nil {
			return errRefused
		}
		input := token[:len(parts[0])+1+len(parts[1])]
		if err := v.verify(header.Algorithm, input, decoded[2]); err != nil {
			return err
		}
		now := time.Now().Unix()
		audience, _ := claims.Audience.([]any)
		isTimely := now < claims.Expires && now >= claims.NotBefore && now >= claims.Issued
		if !isTimely || claims.Issuer == "" || claims.Subject == "" || !slices.Contains(audience, any("prefect")) ||
			claims.Type != "Bearer" || !slices.Contains(claims.RealmAccess.Roles, "prefect-runner") {
			return errRefused
		}
		return nil
	}
}

func (v verifier) prepareSignature(token string) func() error {
	parts := bytes.Split([]byte(token), []byte("."))
	signature, err := base64.RawURLEncoding.DecodeString(string(parts[2]))
	must(err)
	algorithm := "RS256"
	if len(signature) == 64 {
		algorithm = "ES256"
	}
	input := token[:len(parts[0])+1+len(parts[1])]
	return func() error { return v.verify(algorithm, input, signature) }
}

func (v verifier) verify(algorithm, input string, signature []byte) error {
	digest := sha256.Sum256([]byte(input))
	if algorithm == "RS256" {
		return rsa.VerifyPKCS1v15(v.rsa, crypto.SHA256, digest[:], signature)
	}
	if algorithm != "ES256" || len(signature) != 64 {
		return errRefused
	}
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	if !ecdsa.Verify(v.ec, digest[:], r, s) {
		return errRefused
	}
	return nil
}
