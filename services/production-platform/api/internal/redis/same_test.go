package redis_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each image is built from its own folder, so the client of Redis is there twice. Each module has this test: Go takes
// the result of the last run from its cache when only files of another module have changed.
func TestBothModulesHaveTheSameClient(t *testing.T) {
	api, worker := sources(t, "api"), sources(t, "worker")
	for name, text := range api {
		if other, ok := worker[name]; !ok || other != text {
			t.Errorf("internal/%s of the api is not that of the worker", name)
		}
	}
	for name := range worker {
		if _, ok := api[name]; !ok {
			t.Errorf("internal/%s is in the worker alone", name)
		}
	}
}

// sources are the files below the internal folder of a module, by name; imports stand without the module.
func sources(t *testing.T, module string) map[string]string {
	t.Helper()
	files := os.DirFS(filepath.Join("..", "..", "..", module, "internal"))
	texts := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		texts[name] = strings.ReplaceAll(string(text), `"production-platform/`+module+`/`, `"`)
		return err
	})
	if err != nil || len(texts) == 0 {
		t.Fatalf("%d files of the %s: %v", len(texts), module, err)
	}
	return texts
}
