package redis_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"production-platform/api/internal/redis"
	"production-platform/api/internal/redistest"
)

func TestCommandsReachRedisAsTheyAre(t *testing.T) {
	client := redis.New(redistest.Start(t).Address)
	defer client.Close()
	text := "two words\r\n$3\r\nünïcode"
	for _, step := range []struct {
		command []string
		want    any
	}{
		{[]string{"PING"}, "PONG"},
		{[]string{"HSET", "job", "text", text}, int64(1)},
		{[]string{"HGETALL", "job"}, []any{"text", text}},
		{[]string{"HGETALL", "nothing"}, []any{}},
		{[]string{"LMOVE", "nothing", "other", "RIGHT", "LEFT"}, nil},
	} {
		got, err := client.Do(t.Context(), step.command...)
		if err != nil || !reflect.DeepEqual(got, step.want) {
			t.Errorf("%q: got %#v, %v; want %#v", step.command, got, err, step.want)
		}
	}
}

func TestARefusalKeepsTheConnection(t *testing.T) {
	server := redistest.Start(t)
	client := redis.New(server.Address)
	defer client.Close()
	var refusal redis.Refusal
	if _, err := client.Do(t.Context(), "NONSENSE"); !errors.As(err, &refusal) {
		t.Fatalf("got %v, want a refusal", err)
	}
	if _, err := client.Do(t.Context(), "PING"); err != nil {
		t.Fatal(err)
	}
	if got := server.Connections(); got != 1 {
		t.Errorf("%d connections, want 1", got)
	}
}

func TestARestartOfRedisCostsOneCall(t *testing.T) {
	server := redistest.Start(t)
	client := redis.New(server.Address)
	defer client.Close()
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() { _, _ = client.Do(t.Context(), "PING") })
	}
	group.Wait()
	server.DropConnections()
	if _, err := client.Do(t.Context(), "PING"); err == nil {
		t.Fatal("the call on a dead connection succeeded")
	}
	if _, err := client.Do(t.Context(), "PING"); err != nil {
		t.Fatal(err)
	}
}

func TestTheContextEndsACall(t *testing.T) {
	client := redis.New(answering(t, ""))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := client.Do(ctx, "PING"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
}

func TestMalformedAnswersAreErrors(t *testing.T) {
	for _, answer := range []string{
		"\r\n", "?\r\n", "+OK\n", ":one\r\n", "$-2\r\n", "$3\r\nabcde", "$9999999999\r\n", "*1\r\n?\r\n", "*99999999\r\n",
	} {
		client := redis.New(answering(t, answer))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		got, err := client.Do(ctx, "PING")
		cancel()
		if err == nil || !strings.Contains(err.Error(), "PING") {
			t.Errorf("%q: got %#v, %v", answer, got, err)
		}
	}
}

// answering gives the same answer to the first line of each connection, and then falls silent.
func answering(t *testing.T, answer string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
			_, _ = bufio.NewReader(conn).ReadString('\n')
			_, _ = conn.Write([]byte(answer))
		}
	}()
	return listener.Addr().String()
}
