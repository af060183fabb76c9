// Package redis speaks as much of the Redis protocol as this service needs.
//
// https://redis.io/docs/latest/develop/reference/protocol-spec/
package redis

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

const (
	idleConnections = 8
	// The longest text and the most entries that an answer may have.
	maxText    = 1 << 20
	maxEntries = 1 << 16
)

// Refusal is an error that Redis answers with. The connection is as good as before.
type Refusal string

func (r Refusal) Error() string { return "redis refuses: " + string(r) }

// Client keeps a few connections. It may be used by several goroutines at once.
type Client struct {
	address string
	idle    chan *connection
}

type connection struct {
	net.Conn
	reader *bufio.Reader
}

// New makes a client for host:port. It dials when it is used.
func New(address string) *Client {
	return &Client{address: address, idle: make(chan *connection, idleConnections)}
}

// Do sends one command and returns the answer: nil, string, int64 or []any. It gives up when the context ends.
// Nothing is sent twice: after an error, Redis may or may not have done what it was told.
func (c *Client) Do(ctx context.Context, command ...string) (any, error) {
	conn, err := c.take(ctx)
	if err != nil {
		return nil, fmt.Errorf("redis at %s: %w", c.address, err)
	}
	release := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	answer, err := conn.exchange(command)
	var refusal Refusal
	if !release() || (err != nil && !errors.As(err, &refusal)) {
		_ = conn.Close()
	} else {
		c.keep(conn)
	}
	if err != nil && !errors.As(err, &refusal) {
		// The others are likely to be as dead: a restart of Redis then costs one call and not one for each.
		c.Close()
		return nil, fmt.Errorf("redis %s: %w", command[0], errors.Join(err, ctx.Err()))
	}
	return answer, err
}

// Close closes the connections that are not in use.
func (c *Client) Close() {
	for {
		select {
		case conn := <-c.idle:
			_ = conn.Close()
		default:
			return
		}
	}
}

func (c *Client) take(ctx context.Context) (*connection, error) {
	select {
	case conn := <-c.idle:
		return conn, nil
	default:
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", c.address)
		if err != nil {
			return nil, err
		}
		return &connection{conn, bufio.NewReader(conn)}, nil
	}
}

func (c *Client) keep(conn *connection) {
	select {
	case c.idle <- conn:
	default:
		_ = conn.Close()
	}
}

func (c *connection) exchange(command []string) (any, error) {
	var request strings.Builder
	fmt.Fprintf(&request, "*%d\r\n", len(command))
	for _, word := range command {
		fmt.Fprintf(&request, "$%d\r\n%s\r\n", len(word), word)
	}
	if _, err := io.WriteString(c.Conn, request.String()); err != nil {
		return nil, err
	}
	return read(c.reader)
}

func read(reader *bufio.Reader) (any, error) {
	line, err := reader.ReadString('\n')
	if err != nil {
		return nil, err
	}
	if len(line) < 3 || !strings.HasSuffix(line, "\r\n") {
		return nil, fmt.Errorf("malformed answer %q", line)
	}
	text := line[1 : len(line)-2]
	switch line[0] {
	case '+':
		return text, nil
	case '-':
		return nil, Refusal(text)
	case ':':
		return strconv.ParseInt(text, 10, 64)
	case '$':
		return readText(reader, text)
	case '*':
		return readEntries(reader, text)
	}
	return nil, fmt.Errorf("malformed answer %q", line)
}

func readText(reader *bufio.Reader, size string) (any, error) {
	length, err := count(size, maxText)
	if err != nil || length < 0 {
		return nil, err
	}
	text := make([]byte, length+2)
	if _, err := io.ReadFull(reader, text); err != nil {
		return nil, err
	}
	if string(text[length:]) != "\r\n" {
		return nil, errors.New("malformed answer: a text without its end")
	}
	return string(text[:length]), nil
}

func readEntries(reader *bufio.Reader, size string) (any, error) {
	length, err := count(size, maxEntries)
	if err != nil || length < 0 {
		return nil, err
	}
	entries := make([]any, length)
	for i := range entries {
		if entries[i], err = read(reader); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// count reads a length; -1 stands for nothing.
func count(size string, most int) (int, error) {
	length, err := strconv.Atoi(size)
	if err != nil || length < -1 || length > most {
		return 0, fmt.Errorf("malformed answer: the length %q", size)
	}
	return length, nil
}
