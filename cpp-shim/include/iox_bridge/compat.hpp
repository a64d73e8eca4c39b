// Every difference between the releases of classic that this library is compiled with: 2.0.3 to 2.0.8, and 2.95. The
// rest of the library includes this header where it needs something of classic that has another name, place or form
// in the other generation, and asks for no release. What is not inline is in src/compat.cpp.
//
// Owner: nobody, names and functions only. Threads: any, where a function does not say otherwise.
#pragma once

#include "iceoryx_posh/iceoryx_posh_config.hpp"
#include "iceoryx_posh/iceoryx_posh_types.hpp"
#include "iceoryx_versions.hpp"

#include <cstdint>
#include <string>

#if __has_include("iox/expected.hpp")
#define IOX_BRIDGE_CLASSIC_2_95 1
#include "iceoryx_platform/platform_settings.hpp"
#include "iox/detail/serialization.hpp"
#include "iox/posix_group.hpp"
#include "iox/relative_pointer.hpp"
#include "iox/string.hpp"
#else
#define IOX_BRIDGE_CLASSIC_2_95 0
#include "iceoryx_hoofs/cxx/serialization.hpp"
#include "iceoryx_hoofs/cxx/string.hpp"
#include "iceoryx_hoofs/internal/relocatable_pointer/base_relative_pointer.hpp"
#include "iceoryx_hoofs/platform/platform_settings.hpp"
#include "iceoryx_hoofs/posix_wrapper/posix_access_rights.hpp"
#endif

namespace iox_bridge::compat {

#if IOX_BRIDGE_CLASSIC_2_95

using iox::PosixGroup;
using iox::Serialization;
using iox::TruncateToCapacity;
/// Knows the segments that this process has mapped.
using SegmentPointer = iox::UntypedRelativePointer;
using RouDiConfig = iox::IceoryxConfig;

/// The error of a result that holds one.
template <typename Expected> auto error_of(const Expected& result) noexcept {
    return result.error();
}

/// The line of releases whose RouDi and clients look for each other in the same places.
constexpr char LINE[] = "2.95";

#else

using iox::cxx::Serialization;
using iox::cxx::TruncateToCapacity;
using iox::posix::PosixGroup;
using SegmentPointer = iox::rp::BaseRelativePointer;
using RouDiConfig = iox::RouDiConfig_t;

template <typename Expected> auto error_of(const Expected& result) noexcept {
    return result.get_error();
}

constexpr char LINE[] = "2.0";

#endif

/// What stands between the folder and the name of each socket and lock file of RouDi's own. It holds the domain, of
/// which clients have no choice in the public interface of 2.95: theirs is always the default one.
std::string own_prefix() noexcept;
/// The same, of the sockets and lock files of clients.
std::string runtime_prefix() noexcept;

/// As the Rust side numbers them.
enum class Level : std::uint32_t { Fatal = 0, Severe = 1, Moderate = 2 };

/// Told what classic reports, under classic's own name of the error.
using Report = void (*)(const char* name, Level level);

/// Hands every error of classic to `report` from now on, for good, instead of classic's handler, which aborts. After
/// a fatal one the process ends, should `report` return. To be called once.
void take_errors(Report report) noexcept;

/// Switches classic's log off.
void silence_log() noexcept;

/// Runs RouDi until it is told to end; watches over its clients. Returns the exit code of the process.
std::uint8_t run_roudi(RouDiConfig config, std::uint64_t kill_delay_seconds) noexcept;

} // namespace iox_bridge::compat
