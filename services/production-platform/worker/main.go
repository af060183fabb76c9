// The worker takes jobs from a queue in Redis and counts the words of their text.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"production-platform/worker/internal/redis"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	configuration, err := readSettings(os.Getenv)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	name, err := os.Hostname()
	if err == nil {
		err = run(ctx, configuration, name, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run works until the context ends, and answers probes meanwhile.
func run(ctx context.Context, configuration settings, name string, output io.Writer) error {
	log := slog.New(slog.NewJSONHandler(output, &slog.HandlerOptions{Level: configuration.level}))
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", configuration.port))
	if err != nil {
		return err
	}
	jobs := &worker{redis: redis.New(configuration.redisAddress), log: log, name: name, now: time.Now}
	defer jobs.redis.Close()
	jobs.turned.Store(jobs.now().Unix())
	probes := &http.Server{
		Handler:           jobs.probes(),
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       5 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- probes.Serve(listener); stop() }()
	log.Info("working", "address", listener.Addr().String(), "name", name)
	jobs.work(working)
	log.Info("shutting down")
	_ = probes.Close()
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (w *worker) probes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(response http.ResponseWriter, _ *http.Request) {
		if w.stuck() {
			http.Error(response, "the loop is stuck", http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("GET /readyz", func(response http.ResponseWriter, _ *http.Request) {
		if _, err := w.do("PING"); err != nil {
			http.Error(response, "Redis cannot be reached", http.StatusServiceUnavailable)
		}
	})
	return mux
}
