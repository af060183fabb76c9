package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"production-platform/api/internal/redis"
	"production-platform/api/internal/redistest"
)

func start(t *testing.T, redisAddress string) *httptest.Server {
	jobs := &server{redis: redis.New(redisAddress), log: slog.New(slog.DiscardHandler)}
	web := httptest.NewServer(jobs.handler())
	t.Cleanup(func() { web.Close(); jobs.redis.Close() })
	return web
}

func ask(t *testing.T, method, url, contentType, body string) (int, http.Header, map[string]string) {
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer := map[string]string{}
	_ = json.NewDecoder(response.Body).Decode(&answer)
	return response.StatusCode, response.Header, answer
}

func TestAJobIsQueuedAndCanBeRead(t *testing.T) {
	queued := redistest.Start(t)
	web := start(t, queued.Address)
	status, header, made := ask(t, "POST", web.URL+"/jobs", "application/json; charset=utf-8", `{"text":"two words"}`)
	if status != http.StatusAccepted || made["status"] != "queued" || header.Get("Location") != "/jobs/"+made["id"] {
		t.Fatalf("got %d %v %v", status, header, made)
	}
	if ids := queued.Do("LRANGE", queue, "0", "-1").([]string); len(ids) != 1 || ids[0] != made["id"] {
		t.Errorf("the queue holds %v", ids)
	}
	if status, _, got := ask(t, "GET", web.URL+"/jobs/"+made["id"], "", ""); status != http.StatusOK || got["status"] != "queued" {
		t.Errorf("got %d %v", status, got)
	}
	queued.Do("HSET", "job:"+made["id"], "status", "done", "words", "2")
	if _, _, got := ask(t, "GET", web.URL+"/jobs/"+made["id"], "", ""); got["status"] != "done" || got["words"] != "2" {
		t.Errorf("got %v", got)
	}
}

func TestWhatIsNoJobIsRefused(t *testing.T) {
	queued := redistest.Start(t)
	web := start(t, queued.Address)
	long := `{"text":"` + strings.Repeat("a", maxBodyBytes) + `"}`
	for _, test := range []struct {
		name, method, path, contentType, body string
		status                                int
		reason                                string
	}{
		{"form", "POST", "/jobs", "text/plain", `{"text":"a"}`, 415, "application/json"},
		{"no JSON", "POST", "/jobs", "application/json", `text`, 400, "invalid character"},
		{"two values", "POST", "/jobs", "application/json", `{"text":"a"}{}`, 400, "more than one"},
		{"unknown field", "POST", "/jobs", "application/json", `{"text":"a","x":1}`, 400, `unknown field "x"`},
		{"another type", "POST", "/jobs", "application/json", `{"text":1}`, 400, "number"},
		{"empty", "POST", "/jobs", "application/json", `{"text":""}`, 422, "empty"},
		{"too long", "POST", "/jobs", "application/json", long, 413, "64 KiB"},
		{"unknown job", "GET", "/jobs/none", "", "", 404, "no such job"},
		{"unknown path", "GET", "/", "", "", 404, ""},
		{"method", "DELETE", "/jobs", "", "", 405, ""},
	} {
		status, _, got := ask(t, test.method, web.URL+test.path, test.contentType, test.body)
		if status != test.status || !strings.Contains(got["error"], test.reason) {
			t.Errorf("%s: got %d %v", test.name, status, got)
		}
	}
	if ids := queued.Do("LRANGE", queue, "0", "-1").([]string); len(ids) != 0 {
		t.Errorf("the queue holds %v", ids)
	}
}

func TestReadinessFollowsRedisAndLifeDoesNot(t *testing.T) {
	web := start(t, redistest.Start(t).Address)
	alone := start(t, "127.0.0.1:1")
	if status, _, _ := ask(t, "GET", web.URL+"/readyz", "", ""); status != http.StatusOK {
		t.Errorf("with Redis: %d", status)
	}
	if status, _, _ := ask(t, "GET", alone.URL+"/readyz", "", ""); status != http.StatusServiceUnavailable {
		t.Errorf("without Redis: %d", status)
	}
	status, header, got := ask(t, "POST", alone.URL+"/jobs", "application/json", `{"text":"a"}`)
	if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" || strings.Contains(got["error"], "127.0.0.1") {
		t.Errorf("a job without Redis: %d %v", status, got)
	}
	if status, _, _ := ask(t, "GET", alone.URL+"/healthz", "", ""); status != http.StatusOK {
		t.Errorf("life without Redis: %d", status)
	}
}

func TestRunEndsWithItsContextAndSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	configuration := settings{redisAddress: redistest.Start(t).Address}
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, configuration, writer)
		_ = writer.Close()
	}()
	line := make([]byte, 1024)
	if n, err := reader.Read(line); err != nil || !bytes.Contains(line[:n], []byte(`"msg":"listening"`)) {
		t.Fatalf("got %q, %v", line[:n], err)
	}
	cancel()
	rest, _ := io.ReadAll(reader)
	if err := <-ended; err != nil || !bytes.Contains(rest, []byte("shutting down")) {
		t.Errorf("got %v, %q", err, rest)
	}
	if err := run(t.Context(), settings{port: -1}, io.Discard); err == nil {
		t.Error("an impossible port was taken")
	}
}
