package main

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"production-platform/worker/internal/redis"
)

const (
	// queue holds the ids of jobs that wait for a worker; the api writes it.
	queue = "jobs:queued"
	// running and the name of a worker is the list of the jobs that it has taken.
	running = "jobs:running:"
	// alive and the name of a worker is there as long as that worker says so.
	alive = "worker:"

	leaseSeconds = 30
	// lookAround is how often the lists of other workers are looked at: Redis goes through every key for that.
	lookAround   = leaseSeconds * time.Second
	maxAttempts  = 3
	blockSeconds = 1
	callTimeout  = 5 * time.Second
	stuckAfter   = time.Minute
)

// worker takes jobs one at a time. A job is in the queue or in the list of one worker until it is done: the job of a
// worker that crashed goes back to the queue when the lease of that worker has run out. It may then be done twice,
// never not at all.
type worker struct {
	redis *redis.Client
	log   *slog.Logger
	// name is that of the pod, so no two workers that live share it.
	name string
	now  func() time.Time
	// turned is when the loop came round last, in Unix seconds.
	turned atomic.Int64
	// lookedAround is when jobs were taken back last.
	lookedAround time.Time
}

// work goes on until the context ends, and finishes the job that it is at.
func (w *worker) work(ctx context.Context) {
	for ctx.Err() == nil {
		w.turned.Store(w.now().Unix())
		if err := w.turn(); err != nil {
			w.log.Error("redis failed", "error", err.Error())
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
	// What this worker could not finish need not wait for its lease.
	if _, err := w.do("DEL", alive+w.name); err != nil {
		w.log.Warn("the lease runs out by itself", "error", err.Error())
	}
}

// stuck is true when the loop has not come round for long.
func (w *worker) stuck() bool {
	return w.now().Sub(time.Unix(w.turned.Load(), 0)) > stuckAfter
}

// turn renews the lease, now and then takes back the jobs of the dead, and does one job if there is one.
func (w *worker) turn() error {
	if _, err := w.do("SET", alive+w.name, "1", "EX", strconv.Itoa(leaseSeconds)); err != nil {
		return err
	}
	if now := w.now(); now.Sub(w.lookedAround) >= lookAround {
		if err := w.takeBack(); err != nil {
			return err
		}
		w.lookedAround = now
	}
	taken, err := w.do("BLMOVE", queue, running+w.name, "RIGHT", "LEFT", strconv.Itoa(blockSeconds))
	if err != nil || taken == nil {
		return err
	}
	id, isText := taken.(string)
	if !isText {
		return fmt.Errorf("BLMOVE answered %v", taken)
	}
	return w.finish(id)
}

// takeBack returns the jobs of workers without a lease to the queue. A job moves in one step, so several workers may
// do this at the same time. The own list is empty here, unless a job was taken and Redis failed before it was done.
func (w *worker) takeBack() error {
	cursor := "0"
	for {
		answer, err := w.do("SCAN", cursor, "MATCH", running+"*", "COUNT", "1000")
		if err != nil {
			return err
		}
		page, isList := answer.([]any)
		if !isList || len(page) != 2 {
			return fmt.Errorf("SCAN answered %v", answer)
		}
		lists, _ := page[1].([]any)
		for _, list := range lists {
			if err := w.emptyIfDead(fmt.Sprint(list)); err != nil {
				return err
			}
		}
		if cursor = fmt.Sprint(page[0]); cursor == "0" {
			return nil
		}
	}
}

func (w *worker) emptyIfDead(list string) error {
	owner := strings.TrimPrefix(list, running)
	if owner != w.name {
		lives, err := w.do("EXISTS", alive+owner)
		if err != nil || lives == int64(1) {
			return err
		}
	}
	for {
		id, err := w.do("LMOVE", list, queue, "RIGHT", "RIGHT")
		if err != nil || id == nil {
			return err
		}
		w.log.Warn("taken back", "job", id, "worker", owner)
	}
}

// finish does the job and takes it off the list. A job on which workers crash again and again is given up.
func (w *worker) finish(id string) error {
	key := "job:" + id
	answer, err := w.do("HINCRBY", key, "attempts", "1")
	if err != nil {
		return err
	}
	attempt, _ := answer.(int64)
	text, found, err := w.textOf(key)
	if err != nil {
		return err
	}
	outcome := "done"
	result := []string{"HSET", key, "status", outcome, "words", strconv.Itoa(len(strings.Fields(text)))}
	switch {
	case !found:
		// HINCRBY has made a key that would stay for ever.
		outcome = "expired"
		result = []string{"DEL", key}
	case attempt > maxAttempts:
		outcome = "failed"
		result = []string{"HSET", key, "status", outcome, "error", fmt.Sprintf("given up after %d attempts", maxAttempts)}
	}
	if _, err := w.do(result...); err != nil {
		return err
	}
	if _, err := w.do("LREM", running+w.name, "1", id); err != nil {
		return err
	}
	w.log.Info("finished", "job", id, "attempt", attempt, "outcome", outcome)
	return nil
}

func (w *worker) textOf(key string) (text string, found bool, err error) {
	answer, err := w.do("HGETALL", key)
	fields, _ := answer.([]any)
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == "text" {
			text, found = fields[i+1].(string)
		}
	}
	return text, found, err
}

// do is not bound to the context of the loop: what was begun is finished.
func (w *worker) do(command ...string) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	return w.redis.Do(ctx, command...)
}
