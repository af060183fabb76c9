package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"production-platform/api/internal/redis"
)

const (
	maxBodyBytes = 64 << 10
	redisTimeout = 2 * time.Second
)

type server struct {
	redis *redis.Client
	log   *slog.Logger
}

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": "alive"})
	})
	mux.HandleFunc("GET /readyz", s.ready)
	mux.HandleFunc("POST /jobs", s.create)
	mux.HandleFunc("GET /jobs/{id}", s.read)
	return mux
}

func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), redisTimeout)
	defer cancel()
	if _, err := s.redis.Do(ctx, "PING"); err != nil {
		s.unavailable(w, err)
		return
	}
	answer(w, http.StatusOK, map[string]string{"status": "ready"})
}

func (s *server) create(w http.ResponseWriter, r *http.Request) {
	text, status, fault := readText(w, r)
	if fault != "" {
		refuse(w, status, fault)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), redisTimeout)
	defer cancel()
	made, err := enqueue(ctx, s.redis, text)
	if err != nil {
		s.unavailable(w, err)
		return
	}
	s.log.Info("queued", "job", made.ID)
	w.Header().Set("Location", "/jobs/"+made.ID)
	answer(w, http.StatusAccepted, made)
}

func (s *server) read(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), redisTimeout)
	defer cancel()
	found, err := find(ctx, s.redis, r.PathValue("id"))
	switch {
	case errors.Is(err, errNoJob):
		refuse(w, http.StatusNotFound, err.Error())
	case err != nil:
		s.unavailable(w, err)
	default:
		answer(w, http.StatusOK, found)
	}
}

// readText takes {"text": "…"} and nothing else; the status is that of the fault.
func readText(w http.ResponseWriter, r *http.Request) (text string, status int, fault string) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return "", http.StatusUnsupportedMediaType, "the content type is not application/json"
	}
	var body struct {
		Text string `json:"text"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&body)
	if err == nil {
		if _, end := decoder.Token(); end != io.EOF {
			err = errors.New("more than one JSON value")
		}
	}
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return "", http.StatusRequestEntityTooLarge, "the body is longer than 64 KiB"
	case err != nil:
		return "", http.StatusBadRequest, "the body is not {\"text\": \"…\"}: " + err.Error()
	case body.Text == "":
		return "", http.StatusUnprocessableEntity, "text is missing or empty"
	}
	return body.Text, 0, ""
}

// unavailable logs the cause, which is not the client's affair.
func (s *server) unavailable(w http.ResponseWriter, err error) {
	s.log.Error("redis failed", "error", err.Error())
	w.Header().Set("Retry-After", "1")
	refuse(w, http.StatusServiceUnavailable, "the queue cannot be reached")
}

func refuse(w http.ResponseWriter, status int, reason string) {
	answer(w, status, map[string]string{"error": reason})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that has gone is no fault
}
