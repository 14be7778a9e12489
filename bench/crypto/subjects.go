package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/base64"
	"fmt"
	"math/big"
)

// What a token's signing input is about as long as.
const messageBytes = 500

type signed struct{ message, signature []byte }

// subject is a key with Go's own way to verify, and its signatures in the form of RFC 7518.
type subject struct {
	algorithm, note, jwk string
	signOne              func(message []byte) []byte
	verify               func(message, signature []byte) bool
}

func (s subject) sign(count int) []signed {
	cases := make([]signed, count)
	for i := range cases {
		message := make([]byte, messageBytes)
		rand.Read(message)
		cases[i] = signed{message, s.signOne(message)}
	}
	return cases
}

func base64url(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func digest(hash crypto.Hash, message []byte) []byte {
	h := hash.New()
	h.Write(message)
	return h.Sum(nil)
}

func rsaSubject(algorithm string, hash crypto.Hash, bits int) subject {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	check(err)
	s := subject{algorithm: algorithm, note: fmt.Sprintf(", %d bits", bits)}
	s.jwk = fmt.Sprintf(`{"kty":"RSA","n":"%s","e":"AQAB"}`, base64url(key.N.Bytes()))
	pss := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
	if algorithm[0] == 'P' {
		s.signOne = func(message []byte) []byte {
			signature, err := rsa.SignPSS(rand.Reader, key, hash, digest(hash, message), pss)
			check(err)
			return signature
		}
		s.verify = func(message, signature []byte) bool {
			return rsa.VerifyPSS(&key.PublicKey, hash, digest(hash, message), signature, pss) == nil
		}
		return s
	}
	s.signOne = func(message []byte) []byte {
		signature, err := rsa.SignPKCS1v15(rand.Reader, key, hash, digest(hash, message))
		check(err)
		return signature
	}
	s.verify = func(message, signature []byte) bool {
		return rsa.VerifyPKCS1v15(&key.PublicKey, hash, digest(hash, message), signature) == nil
	}
	return s
}

func ecdsaSubject(algorithm string, hash crypto.Hash, curve elliptic.Curve) subject {
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	check(err)
	size := (curve.Params().BitSize + 7) / 8
	s := subject{algorithm: algorithm}
	s.jwk = fmt.Sprintf(`{"kty":"EC","crv":"%s","x":"%s","y":"%s"}`, curve.Params().Name,
		base64url(key.X.FillBytes(make([]byte, size))), base64url(key.Y.FillBytes(make([]byte, size))))
	s.signOne = func(message []byte) []byte {
		r, v, err := ecdsa.Sign(rand.Reader, key, digest(hash, message))
		check(err)
		signature := make([]byte, 2*size)
		r.FillBytes(signature[:size])
		v.FillBytes(signature[size:])
		return signature
	}
	s.verify = func(message, signature []byte) bool {
		r := new(big.Int).SetBytes(signature[:size])
		v := new(big.Int).SetBytes(signature[size:])
		return ecdsa.Verify(&key.PublicKey, digest(hash, message), r, v)
	}
	return s
}

func edwardsSubject() subject {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	check(err)
	return subject{
		algorithm: "EdDSA",
		jwk:       fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":"%s"}`, base64url(public)),
		signOne:   func(message []byte) []byte { return ed25519.Sign(private, message) },
		verify:    func(message, signature []byte) bool { return ed25519.Verify(public, message, signature) },
	}
}

func subjects() []subject {
	return []subject{
		rsaSubject("RS256", crypto.SHA256, 2048),
		rsaSubject("RS256", crypto.SHA256, 3072),
		rsaSubject("RS256", crypto.SHA256, 4096),
		rsaSubject("PS256", crypto.SHA256, 2048),
		ecdsaSubject("ES256", crypto.SHA256, elliptic.P256()),
		ecdsaSubject("ES384", crypto.SHA384, elliptic.P384()),
		ecdsaSubject("ES512", crypto.SHA512, elliptic.P521()),
		edwardsSubject(),
	}
}
