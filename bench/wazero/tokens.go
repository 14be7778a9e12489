package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

// keys is what the benchmark hands over: private keys in PKCS #8, base64, with the names that the key set has, and
// the claims of a good token.
type keys struct {
	RSA    key            `json:"rsa"`
	EC     key            `json:"ec"`
	Claims map[string]any `json:"claims"`
}

type key struct {
	Kid   string `json:"kid"`
	PKCS8 []byte `json:"pkcs8"`
}

type token struct {
	kind string
	text string
	// good: it has to be let through.
	good bool
}

type signer struct {
	keys keys
	rsa  *rsa.PrivateKey
	ec   *ecdsa.PrivateKey
	// All tokens are signed with RSA.
	onlyRSA bool
}

func newSigner(file string, onlyRSA bool) (*signer, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	keys := keys{}
	if err := json.Unmarshal(content, &keys); err != nil {
		return nil, err
	}
	s, err := signerOf(keys)
	if err == nil {
		s.onlyRSA = onlyRSA
	}
	return s, err
}

func signerOf(keys keys) (*signer, error) {
	s := &signer{keys: keys}
	for _, k := range []key{s.keys.RSA, s.keys.EC} {
		parsed, err := x509.ParsePKCS8PrivateKey(k.PKCS8)
		if err != nil {
			return nil, err
		}
		switch private := parsed.(type) {
		case *rsa.PrivateKey:
			s.rsa = private
		case *ecdsa.PrivateKey:
			s.ec = private
		default:
			return nil, fmt.Errorf("a key of type %T", parsed)
		}
	}
	return s, nil
}

// token makes the one of that number; no two are alike. Of twenty one is signed with RSA, which takes Go thirty times
// as long as ECDSA, and two are to be refused.
func (s *signer) token(number int) token {
	expires := time.Now().Add(time.Hour).Unix()
	switch number % 20 {
	case 7:
		return token{"RS256", s.sign(number, expires, true), true}
	case 11:
		return token{"expired", s.sign(number, expires-7200, false), false}
	case 13:
		text := s.sign(number, expires, false)
		at := len(text) - 20
		other := "A"
		if text[at] == 'A' {
			other = "B"
		}
		return token{"forged", text[:at] + other + text[at+1:], false}
	}
	kind := "ES256"
	if s.onlyRSA {
		kind = "RS256"
	}
	return token{kind, s.sign(number, expires, false), true}
}

func (s *signer) sign(number int, expires int64, withRSA bool) string {
	withRSA = withRSA || s.onlyRSA
	claims := map[string]any{}
	for name, value := range s.keys.Claims {
		claims[name] = value
	}
	claims["exp"], claims["iat"] = expires, expires-3600
	claims["jti"] = fmt.Sprintf("%032x", number)
	// Of a different length each time; 11 names at most, which makes a token of 2 kB with RSA.
	groups := []string{}
	for i := 0; i < number%12; i++ {
		groups = append(groups, fmt.Sprintf("/organisation/department-%03d/%s", i, strings.Repeat("x", number%17)))
	}
	claims["groups"] = groups
	return s.compact(claims, withRSA)
}

// compact is a token with those claims, signed.
func (s *signer) compact(claims map[string]any, withRSA bool) string {
	header := map[string]string{"alg": "ES256", "typ": "JWT", "kid": s.keys.EC.Kid}
	if withRSA {
		header["alg"], header["kid"] = "RS256", s.keys.RSA.Kid
	}
	input := part(header) + "." + part(claims)
	digest := sha256.Sum256([]byte(input))
	return input + "." + base64.RawURLEncoding.EncodeToString(s.signature(digest[:], withRSA))
}

func (s *signer) signature(digest []byte, withRSA bool) []byte {
	if withRSA {
		signature, err := rsa.SignPKCS1v15(nil, s.rsa, crypto.SHA256, digest)
		must(err)
		return signature
	}
	r, second, err := ecdsa.Sign(rand.Reader, s.ec, digest)
	must(err)
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	second.FillBytes(signature[32:])
	return signature
}

func part(value any) string {
	text, err := json.Marshal(value)
	must(err)
	return base64.RawURLEncoding.EncodeToString(text)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
