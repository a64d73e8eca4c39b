// Makes a program of classic call itself another release: preloaded into iox-roudi, which is then the real RouDi, but
// answers no client of the release that is installed.
#include "iceoryx_posh/version/version_info.hpp"

#include <cstdint>

namespace {
// Of the same line, so that it is looked for in the same places.
#if __has_include("iox/string.hpp")
constexpr std::uint16_t MINOR{95U};
#else
constexpr std::uint16_t MINOR{0U};
#endif
} // namespace

namespace iox {
namespace version {

VersionInfo VersionInfo::getCurrentVersion() noexcept {
    return VersionInfo{2U, MINOR, 99U, 0U, BuildDateString_t{"another day"}, CommitIdString_t{"another"}};
}

} // namespace version
} // namespace iox
