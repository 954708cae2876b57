// SPDX-License-Identifier: Apache-2.0

// A runtime of libcni alone, for libcni_test.py: one command on one conf.
//
// usage: libcni COMMAND CONF CACHE PLUGINS CONTAINER NETNS ARGS CAPABILITIES
//
// ARGS is a JSON list of pairs, CAPABILITIES a JSON object. The result goes to stdout, an error to
// stderr, with exit code 1.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/containernetworking/cni/libcni"
)

func load(file string) (*libcni.NetworkConfigList, error) {
	if filepath.Ext(file) == ".conflist" {
		return libcni.ConfListFromFile(file)
	}
	conf, err := libcni.ConfFromFile(file)
	if err != nil {
		return nil, err
	}
	return libcni.ConfListFromConf(conf)
}

func run(arguments []string) error {
	list, err := load(arguments[1])
	if err != nil {
		return err
	}
	runtime := &libcni.RuntimeConf{ContainerID: arguments[4], NetNS: arguments[5], IfName: "eth0"}
	if err := json.Unmarshal([]byte(arguments[6]), &runtime.Args); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(arguments[7]), &runtime.CapabilityArgs); err != nil {
		return err
	}
	cni := libcni.NewCNIConfigWithCacheDir([]string{arguments[3]}, arguments[2], nil)
	switch arguments[0] {
	case "add":
		result, err := cni.AddNetworkList(context.Background(), list, runtime)
		if err != nil {
			return err
		}
		return result.Print()
	case "check":
		return cni.CheckNetworkList(context.Background(), list, runtime)
	case "del":
		return cni.DelNetworkList(context.Background(), list, runtime)
	}
	return fmt.Errorf("unknown command %q", arguments[0])
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
