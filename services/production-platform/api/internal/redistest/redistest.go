// Package redistest stands in for Redis in tests: the commands of these services, over loopback. Nothing expires.
package redistest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Server is an empty Redis. What it holds may be read and changed through Do.
type Server struct {
	Address string

	mu          sync.Mutex
	connections []net.Conn
	texts       map[string]string
	hashes      map[string]map[string]string
	lists       map[string][]string
}

// Start serves until the test ends.
func Start(t *testing.T) *Server {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &Server{
		Address: listener.Addr().String(),
		texts:   map[string]string{},
		hashes:  map[string]map[string]string{},
		lists:   map[string][]string{},
	}
	t.Cleanup(func() { _ = listener.Close(); server.DropConnections() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			server.mu.Lock()
			server.connections = append(server.connections, conn)
			server.mu.Unlock()
			go server.serve(conn)
		}
	}()
	return server
}

// Connections is the number of those that were opened so far.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.connections)
}

// DropConnections ends all of them, as a restart does.
func (s *Server) DropConnections() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.connections {
		_ = conn.Close()
	}
}

func (s *Server) serve(conn net.Conn) {
	reader := bufio.NewReader(conn)
	for {
		command, err := readCommand(reader)
		if err != nil {
			return
		}
		if _, err := io.WriteString(conn, encode(s.Do(command...))); err != nil {
			return
		}
	}
}

func readCommand(reader *bufio.Reader) ([]string, error) {
	var length int
	if _, err := fmt.Fscanf(reader, "*%d\r\n", &length); err != nil {
		return nil, err
	}
	command := make([]string, length)
	for i := range command {
		var size int
		if _, err := fmt.Fscanf(reader, "$%d\r\n", &size); err != nil {
			return nil, err
		}
		word := make([]byte, size+2)
		if _, err := io.ReadFull(reader, word); err != nil {
			return nil, err
		}
		command[i] = string(word[:size])
	}
	return command, nil
}

func encode(answer any) string {
	switch answer := answer.(type) {
	case nil:
		return "$-1\r\n"
	case error:
		return fmt.Sprintf("-ERR %v\r\n", answer)
	case int:
		return fmt.Sprintf(":%d\r\n", answer)
	case []string:
		text := fmt.Sprintf("*%d\r\n", len(answer))
		for _, entry := range answer {
			text += encode(entry)
		}
		return text
	case []any:
		text := fmt.Sprintf("*%d\r\n", len(answer))
		for _, entry := range answer {
			text += encode(entry)
		}
		return text
	}
	text := fmt.Sprint(answer)
	return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text)
}

// Do carries out one command. https://redis.io/docs/latest/commands/
func (s *Server) Do(command ...string) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, arguments := command[0], append(command[1:], "", "")
	key := arguments[0]
	switch name {
	case "PING":
		return "PONG"
	case "SET":
		s.texts[key] = arguments[1]
		return "OK"
	case "DEL":
		had := s.texts[key] != "" || s.hashes[key] != nil
		delete(s.texts, key)
		delete(s.hashes, key)
		return number(had)
	case "EXISTS":
		_, has := s.texts[key]
		return number(has)
	case "EXPIRE":
		_, has := s.hashes[key]
		return number(has)
	case "HSET":
		return s.setFields(key, command[2:])
	case "HGETALL":
		fields := []string{}
		for field, value := range s.hashes[key] {
			fields = append(fields, field, value)
		}
		return fields
	case "HINCRBY":
		value, _ := strconv.Atoi(s.hashes[key][arguments[1]])
		step, _ := strconv.Atoi(command[3])
		s.setFields(key, []string{arguments[1], strconv.Itoa(value + step)})
		return value + step
	case "LPUSH":
		s.lists[key] = append([]string{arguments[1]}, s.lists[key]...)
		return len(s.lists[key])
	case "LRANGE":
		return append([]string{}, s.lists[key]...)
	case "LREM":
		at := slices.Index(s.lists[key], command[3])
		if at >= 0 {
			s.lists[key] = slices.Delete(s.lists[key], at, at+1)
		}
		return number(at >= 0)
	case "LMOVE", "BLMOVE":
		return s.move(key, arguments[1])
	case "SCAN":
		return []any{"0", s.listsLike(strings.TrimSuffix(command[3], "*"))}
	}
	return fmt.Errorf("unknown command '%s'", name)
}

func (s *Server) setFields(key string, pairs []string) int {
	if s.hashes[key] == nil {
		s.hashes[key] = map[string]string{}
	}
	before := len(s.hashes[key])
	for pair := range slices.Chunk(pairs, 2) {
		s.hashes[key][pair[0]] = pair[1]
	}
	return len(s.hashes[key]) - before
}

// move takes from the right of one list to the left of the other. It does not wait for an entry.
func (s *Server) move(from, to string) any {
	list := s.lists[from]
	if len(list) == 0 {
		return nil
	}
	entry := list[len(list)-1]
	s.lists[from] = list[:len(list)-1]
	s.lists[to] = append([]string{entry}, s.lists[to]...)
	return entry
}

func (s *Server) listsLike(prefix string) []string {
	names := []string{}
	for name, list := range s.lists {
		if strings.HasPrefix(name, prefix) && len(list) > 0 {
			names = append(names, name)
		}
	}
	return names
}

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
