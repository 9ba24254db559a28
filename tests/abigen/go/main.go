// Calls what lamps.c has, through the bindings: everything must arrive, and come back. This shows
// the bindings, on Linux; Zircon has no part in it.
package main

/*
#include "lamps.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	zx "bindings/lamp"
)

var failed = false

func expect(what string, got, want any) {
	if got != want {
		fmt.Printf("%s: got %v, want %v\n", what, got, want)
		failed = true
	}
}

// The last call must have been given this.
func arrived(want string) {
	expect("arguments", C.GoString(C.lamps_noted()), want)
}

func bytes(b []byte) unsafe.Pointer {
	return unsafe.Pointer(&b[0])
}

func calls() {
	expect("light", zx.LampLight(0xabc, 7), zx.OK)
	arrived("light abc 7")
	expect("count", zx.LampCount(), uint64(0xfedcba9876543210))
	expect("max", zx.LampGetMax(), uint32(0xffffffff))
	zx.LampFlicker()
	arrived("flicker")
	expect("name", zx.LampGetName(0xdef), "moonlight")
	arrived("get_name def")
	expect("sell", zx.LampSell(0x123), zx.OK)
	arrived("sell 123")
}

func buffers() {
	var handles [2]zx.Handle
	var actual uintptr
	rows := []byte("abcdef")

	status := zx.LampArrays(bytes([]byte("hello")), 5, &handles[0], bytes(rows), 2, 3, &actual)
	arrived("arrays hello 5 abcdef 2 3 actual")
	expect("arrays", status, zx.ErrNext)
	expect("handles", handles, [2]zx.Handle{0x11, 0x22})
	expect("rows", string(rows), "bcdefg")
	expect("actual", actual, uintptr(0x1122334455667788))
	zx.LampArrays(bytes([]byte("hello")), 5, &handles[0], bytes(rows), 2, 3, nil)
	arrived("arrays hello 5 bcdefg 2 3 nil")

	text := make([]byte, 8)
	size := uintptr(len(text))
	expect("unsized", zx.LampUnsized(1<<40, nil, &text[0], &size), zx.OK)
	arrived("unsized 10000000000 nil 8")
	expect("text", string(text[:size]), "lamp")

	parts := []zx.Handle{0x41, 0x42}
	zx.LampRepair(0x40, &parts[0], 2)
	arrived("repair 40 41 42 2")
}

func statuses() {
	var err error = zx.LampLight(zx.HandleInvalid, 0)
	expect("text of an error", err.Error(), "ZX_ERR_BAD_HANDLE")
	expect("an error", errors.Is(fmt.Errorf("light: %w", err), zx.ErrBadHandle), true)
	expect("no error", zx.LampLight(1, 0).Err(), nil)
	expect("an error of Err", zx.LampExplode(1, nil, 0).Err(), error(zx.ErrAccessDenied))
	arrived("explode 1 nil 0")
	expect("unknown status", zx.LampPlugIn().Error(), "status -12345")
	expect("text of OK", zx.OK.Error(), "ZX_OK")
}

func structures() {
	item := zx.WaitItem{Handle: 1, Waitfor: 2, Pending: 3}
	var time zx.Time
	expect("wait", zx.LampWait(-5, &item, &time), zx.OK)
	arrived("wait -5 1 2 3")
	expect("item", item, zx.WaitItem{Handle: 1, Waitfor: 2, Pending: 0x80})
	expect("time", time, zx.Time(-1))

	view := zx.LampView()
	expect("view", string(unsafe.Slice(view.CStr, view.Length)), "view")

	futex := int32(41)
	zx.LampFutex(&futex)
	expect("futex", futex, int32(42))

	var bar zx.PciBar
	zx.LampOpaque(0x77, &bar)
	arrived("opaque 77")
	all := unsafe.Slice((*byte)(unsafe.Pointer(&bar)), unsafe.Sizeof(bar))
	expect("first and last byte", [2]byte{all[0], all[len(all)-1]}, [2]byte{0x5a, 0x5a})
}

func fields() {
	var packet zx.PortPacket
	var info zx.HandleInfo
	var disposition zx.HandleDisposition

	zx.LampFill(&packet, &info, &disposition)
	signal := zx.PacketSignal{Trigger: 4, Observed: 5, Count: 6, Timestamp: 7, Reserved1: 8}
	expect("packet", packet.Key == 1 && packet.Type == 2 && packet.Status == -3, true)
	expect("payload", *packet.Payload.Signal(), signal)
	expect("payload's words", *packet.Payload.User().U64(), [4]uint64{4 | 5<<32, 6, 7, 8})
	expect("payload's bytes", packet.Payload.User().C8()[4], byte(5))
	expect("info", info, zx.HandleInfo{Handle: 9, Type: 10, Rights: 11, Unused: 12})
	expect("disposition", disposition, zx.HandleDisposition{
		Operation: 13, Handle: 14, Type: 15, Rights: 16, Result: -17})
}

func pointers() {
	var args zx.ChannelCallArgs
	var etc zx.ChannelCallEtcArgs
	var iovec zx.Iovec
	var channelIovec zx.ChannelIovec

	zx.LampFillPointers(&args, &etc, &iovec, &channelIovec)
	expect("args' bytes", *(*byte)(args.WrBytes), byte('r'))
	expect("args' room", *(*byte)(args.RdBytes), byte('w'))
	expect("args' handles", [2]zx.Handle{*args.WrHandles, *args.RdHandles},
		[2]zx.Handle{0x31, 0x32})
	expect("args' numbers", [4]uint32{args.WrNumBytes, args.WrNumHandles, args.RdNumBytes,
		args.RdNumHandles}, [4]uint32{18, 19, 20, 21})
	expect("etc's bytes", *(*byte)(etc.WrBytes), byte('r'))
	expect("etc's room", *(*byte)(etc.RdBytes), byte('w'))
	expect("etc's handles", [2]zx.Handle{etc.WrHandles.Handle, etc.RdHandles.Handle},
		[2]zx.Handle{0x33, 0x34})
	expect("etc's numbers", [4]uint32{etc.WrNumBytes, etc.WrNumHandles, etc.RdNumBytes,
		etc.RdNumHandles}, [4]uint32{22, 23, 24, 25})
	expect("iovec", *(*byte)(iovec.Buffer) == 'r' && iovec.Capacity == 26, true)
	expect("channel_iovec", *(*byte)(channelIovec.Buffer) == 'r' &&
		channelIovec.Capacity == 27 && channelIovec.Reserved == 28, true)
}

func names() {
	iovec := zx.Iovec{Capacity: 6}
	expect("values", zx.LampValues(true, 'x', -7, 0x1000, 0x99, -3, 5, iovec), false)
	arrived("values 1 x -7 1000 99 -3 5 nil 6")
	zx.LampWords(1, 2, 3, 4, 5, 6, 7, 8)
	arrived("words 1 2 3 4 5 6 7 8")
	for i, f := range []func() int32{zx.Lamp_2, zx.Lamp2, zx.X_lamp__x, zx.LampX, zx.X_lampX,
		zx.Handle_, zx.PortPacket_, zx.Txid_, zx.HandleInvalid_, zx.ErrBadHandle_, zx.OK_} {
		expect(fmt.Sprint("name ", i), f(), int32(i+1))
	}
}

func main() {
	calls()
	buffers()
	statuses()
	structures()
	fields()
	pointers()
	names()
	if failed {
		os.Exit(1)
	}
	zx.LampBreak(42)
}
