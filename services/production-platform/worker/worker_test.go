package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"production-platform/worker/internal/redis"
	"production-platform/worker/internal/redistest"
)

func newWorker(t *testing.T, address string) *worker {
	client := redis.New(address)
	t.Cleanup(client.Close)
	return &worker{redis: client, log: slog.New(slog.DiscardHandler), name: "one", now: time.Now}
}

func enqueue(server *redistest.Server, id, text string) {
	server.Do("HSET", "job:"+id, "status", "queued", "text", text)
	server.Do("LPUSH", queue, id)
}

func fields(server *redistest.Server, id string) map[string]string {
	got := map[string]string{}
	for pair := range slices.Chunk(server.Do("HGETALL", "job:"+id).([]string), 2) {
		got[pair[0]] = pair[1]
	}
	return got
}

func list(server *redistest.Server, name string) []string {
	return server.Do("LRANGE", name, "0", "-1").([]string)
}

func turn(t *testing.T, w *worker) {
	if err := w.turn(); err != nil {
		t.Fatal(err)
	}
}

func TestJobsAreDoneInTheirOrder(t *testing.T) {
	server := redistest.Start(t)
	enqueue(server, "first", "two words")
	enqueue(server, "second", " three\nmore words ")
	w := newWorker(t, server.Address)
	turn(t, w)
	if first, second := fields(server, "first"), fields(server, "second"); first["status"] != "done" ||
		first["words"] != "2" || second["status"] != "queued" {
		t.Fatalf("got %v, %v", first, second)
	}
	turn(t, w)
	turn(t, w) // there is nothing left to do
	if second := fields(server, "second"); second["words"] != "3" {
		t.Errorf("got %v", second)
	}
	if left := append(list(server, queue), list(server, running+"one")...); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestTheJobOfACrashedWorkerIsTakenUpAgain(t *testing.T) {
	server := redistest.Start(t)
	enqueue(server, "job", "a")
	server.Do("LMOVE", queue, running+"crashed", "RIGHT", "LEFT")
	server.Do("SET", alive+"crashed", "1")
	w := newWorker(t, server.Address)
	clock := time.Unix(1000, 0)
	w.now = func() time.Time { return clock }
	turn(t, w)
	if got := list(server, running+"crashed"); len(got) != 1 {
		t.Fatalf("a worker that lives has lost its job: %v", got)
	}
	server.Do("DEL", alive+"crashed") // as Redis does when the lease runs out
	clock = clock.Add(lookAround)
	turn(t, w)
	if got := fields(server, "job"); got["status"] != "done" || len(list(server, running+"crashed")) > 0 {
		t.Errorf("got %v", got)
	}
}

func TestAJobThatThisWorkerCouldNotFinishIsTakenUpAgain(t *testing.T) {
	server := redistest.Start(t)
	enqueue(server, "job", "a")
	server.Do("LMOVE", queue, running+"one", "RIGHT", "LEFT")
	turn(t, newWorker(t, server.Address))
	if got := fields(server, "job"); got["status"] != "done" {
		t.Errorf("got %v", got)
	}
}

func TestAJobThatCrashesWorkersIsGivenUp(t *testing.T) {
	server := redistest.Start(t)
	enqueue(server, "job", "a")
	server.Do("HSET", "job:job", "attempts", "3")
	turn(t, newWorker(t, server.Address))
	if got := fields(server, "job"); got["status"] != "failed" || got["error"] == "" || got["words"] != "" {
		t.Errorf("got %v", got)
	}
	if got := list(server, running+"one"); len(got) > 0 {
		t.Errorf("left: %v", got)
	}
}

func TestAJobThatHasExpiredLeavesNothingBehind(t *testing.T) {
	server := redistest.Start(t)
	server.Do("LPUSH", queue, "gone")
	turn(t, newWorker(t, server.Address))
	if got := append(list(server, queue), list(server, running+"one")...); len(got) > 0 || len(fields(server, "gone")) > 0 {
		t.Errorf("left: %v, %v", got, fields(server, "gone"))
	}
}

func TestProbes(t *testing.T) {
	status := func(w *worker, path string) int {
		recorder := httptest.NewRecorder()
		w.probes().ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
		return recorder.Code
	}
	w, alone := newWorker(t, redistest.Start(t).Address), newWorker(t, "127.0.0.1:1")
	clock := time.Unix(1000, 0)
	w.now = func() time.Time { return clock }
	w.turned.Store(clock.Unix())
	if got := []int{status(w, "/healthz"), status(w, "/readyz"), status(alone, "/readyz")}; !slices.Equal(got, []int{200, 200, 503}) {
		t.Errorf("got %v", got)
	}
	clock = clock.Add(stuckAfter + time.Second)
	if got := status(w, "/healthz"); got != 503 {
		t.Errorf("a loop that is stuck: %d", got)
	}
}

func TestRunFinishesAndGivesUpItsLease(t *testing.T) {
	server := redistest.Start(t)
	enqueue(server, "job", "a b c")
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, settings{redisAddress: server.Address}, "one", writer)
		_ = writer.Close()
	}()
	var log bytes.Buffer
	for line := make([]byte, 1024); !bytes.Contains(log.Bytes(), []byte(`"msg":"finished"`)); {
		n, err := reader.Read(line)
		log.Write(line[:n])
		if err != nil {
			t.Fatalf("%v after %s", err, &log)
		}
	}
	cancel()
	_, _ = io.Copy(&log, reader)
	if err := <-ended; err != nil || !bytes.Contains(log.Bytes(), []byte("shutting down")) {
		t.Errorf("got %v, %s", err, &log)
	}
	if got := fields(server, "job")["words"]; got != "3" || server.Do("EXISTS", alive+"one") != 0 {
		t.Errorf("got %q words", got)
	}
	if err := run(t.Context(), settings{port: -1}, "one", io.Discard); err == nil {
		t.Error("an impossible port was taken")
	}
}
