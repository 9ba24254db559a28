/*
 * C++17 with the generated header, and nothing but the language: objects that own handles,
 * templates, constants made by the compiler, initialisers of static objects.
 */
#include <zircon/syscalls.h>

extern "C" {
#include "check.h"
}

namespace {

/* Closes its handle when it goes. */
class Handle {
public:
	Handle() = default;
	explicit Handle(zx_handle_t value) : value_(value) {}
	Handle(Handle &&other) noexcept : value_(other.release()) {}
	Handle(const Handle &) = delete;
	Handle &operator=(const Handle &) = delete;
	~Handle() { reset(); }

	Handle &operator=(Handle &&other) noexcept
	{
		if (this != &other)
			reset(other.release());
		return *this;
	}

	zx_handle_t get() const { return value_; }
	explicit operator bool() const { return value_ != ZX_HANDLE_INVALID; }

	/* Where a call puts a new handle. */
	zx_handle_t *out()
	{
		reset();
		return &value_;
	}

	[[nodiscard]] zx_handle_t release()
	{
		zx_handle_t value = value_;

		value_ = ZX_HANDLE_INVALID;
		return value;
	}

	void reset(zx_handle_t value = ZX_HANDLE_INVALID)
	{
		if (value_ != ZX_HANDLE_INVALID)
			zx_handle_close(value_);
		value_ = value;
	}

private:
	zx_handle_t value_ = ZX_HANDLE_INVALID;
};

template <typename T>
constexpr T &&move(T &value)
{
	return static_cast<T &&>(value);
}

/* FNV-1a, of a text that the compiler knows. */
template <size_t N>
constexpr uint32_t hash(const char (&text)[N])
{
	uint32_t value = 0x811c9dc5;

	for (size_t i = 0; i + 1 < N; i++)
		value = (value ^ static_cast<uint8_t>(text[i])) * 0x01000193;
	return value;
}

static_assert(hash("") == 0x811c9dc5 && hash("a") == 0xe40c292c);

template <uint32_t Kind>
struct Message {
	static constexpr uint32_t kind = Kind;
	uint32_t tag = Kind;
	uint64_t value = 0;
};

using Ping = Message<hash("ping")>;
using Pong = Message<hash("pong")>;

struct Channel {
	Handle handle;

	/* Writes a message, with the handles that are handed over. */
	template <typename T, typename... Handles>
	zx_status_t write(const T &message, Handles &&...handles)
	{
		constexpr uint32_t count = sizeof...(Handles);

		if constexpr (count == 0) {
			return zx_channel_write(handle.get(), 0, &message, sizeof(message), nullptr,
						0);
		} else {
			zx_handle_t list[] = { handles.release()... };

			return zx_channel_write(handle.get(), 0, &message, sizeof(message), list,
						count);
		}
	}

	template <typename T>
	zx_status_t read(T &message, Handle *received = nullptr)
	{
		uint32_t size = 0, count = 0;
		zx_status_t status;

		status = zx_channel_read(handle.get(), 0, &message,
					 received ? received->out() : nullptr, sizeof(message),
					 received ? 1 : 0, &size, &count);
		if (status == ZX_OK && (size != sizeof(message) || message.tag != T::kind))
			return ZX_ERR_IO_DATA_INTEGRITY;
		return status;
	}
};

struct Ends {
	zx_status_t status;
	Channel first, second;
};

Ends make_channel()
{
	Ends ends = {};

	ends.status = zx_channel_create(0, ends.first.handle.out(), ends.second.handle.out());
	return ends;
}

/* What initialisers found before main() began, in the order of their definitions. */
struct Started {
	static inline int count = 0;
	int order;
	zx_time_t time;

	Started() : order(++count), time(zx_clock_get_monotonic()) {}
};

Started first_started;
Started second_started;

void initialisers()
{
	CHECK_EQ(Started::count, 2);
	CHECK_EQ(first_started.order, 1);
	CHECK_EQ(second_started.order, 2);
	CHECK(first_started.time > 0 && second_started.time >= first_started.time);
	CHECK(second_started.time <= zx_clock_get_monotonic());
}

void ownership()
{
	zx_handle_t value;
	Handle outer;

	{
		Handle inner;

		REQUIRE_OK(zx_event_create(0, inner.out()));
		value = inner.get();
		outer = move(inner);
		CHECK(!inner);
	}
	CHECK(outer && outer.get() == value);
	CHECK_OK(zx_object_signal(value, 0, ZX_USER_SIGNAL_0));
	outer.reset();
	CHECK_STATUS(zx_object_signal(value, 0, ZX_USER_SIGNAL_0), ZX_ERR_BAD_HANDLE);
}

void messages()
{
	auto [status, a, b] = make_channel();
	Handle event, received;
	Ping ping;
	Pong pong;

	REQUIRE_OK(status);
	REQUIRE_OK(zx_event_create(0, event.out()));
	const zx_koid_t koid = rt_koid(event.get());

	ping.value = 42;
	CHECK_OK(a.write(ping, event));
	CHECK(!event);
	ping.value = 0;
	CHECK_OK(b.read(ping, &received));
	CHECK_EQ(ping.value, 42);
	CHECK_EQ(rt_koid(received.get()), koid);

	pong.value = ~0ull;
	CHECK_OK(b.write(pong));
	CHECK_STATUS(a.read(ping), ZX_ERR_IO_DATA_INTEGRITY);
	b.handle.reset();
	CHECK_STATUS(a.write(ping), ZX_ERR_PEER_CLOSED);
}

class Shape {
public:
	virtual int corners() const { return 0; }
};

class Square final : public Shape {
public:
	int corners() const override { return 4; }
};

template <typename... Shapes>
int all_corners(const Shapes &...shapes)
{
	return (0 + ... + static_cast<const Shape &>(shapes).corners());
}

void dispatch()
{
	Square square;
	Shape shape;
	int calls = 0;
	auto count = [&calls](const Shape &which) {
		calls++;
		return which.corners();
	};

	CHECK_EQ(all_corners(square, shape, square), 8);
	CHECK_EQ(count(square) + count(shape), 4);
	CHECK_EQ(calls, 2);
}

} // namespace

/* Without a C++ library around it, main is a function like any other. */
extern "C" int main(int, char **)
{
	RUN(initialisers);
	RUN(ownership);
	RUN(messages);
	RUN(dispatch);
	return rt_check_result();
}
