// Makes a program of classic call itself another release: preloaded into iox-roudi, which is then the real RouDi, but
// answers no client of the release that is installed.
#include "iceoryx_posh/version/version_info.hpp"

namespace iox {
namespace version {

VersionInfo VersionInfo::getCurrentVersion() noexcept {
    return VersionInfo{2U, 0U, 99U, 0U, BuildDateString_t{"another day"}, CommitIdString_t{"another"}};
}

} // namespace version
} // namespace iox
