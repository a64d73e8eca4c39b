// Values of enums as g++ writes them: positive ones without a sign, as short as they can be.
// import: Resp
// import: Log
#pragma once
#include <cstdint>
#include <sstream>

enum class Status { Ok = 200, NotFound = 404 };
enum class Code { Minus = -56, Plus = 200 };
enum class Port : int32_t { Ssh = 22, Proxy = 40000 };
enum class Tiny : int8_t { Low = -56, High = 100 };
enum class Far : int64_t { Four = 0x80000000, All = 0xffffffff, Back = -1 };

struct Resp {
    uint32_t id;
    Status status;
    Code code;
    Port port;
    Tiny tiny;
    Far far;
};

// Of a stream, g++ says only that there is such a type.
struct Log {
    uint32_t id;
    std::ostringstream text;
};
