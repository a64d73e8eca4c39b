// What wakes a thread when samples come: a condition variable of classic, in shared memory, that publishers notify.
//
// Owner: Rust `ConditionVariable`s share it, through a shared_ptr. Threads: one waits; any may end the wait.
#pragma once

#include "rust/cxx.h"

#include "iceoryx_posh/internal/popo/building_blocks/condition_listener.hpp"
#include "iceoryx_posh/internal/popo/building_blocks/condition_variable_data.hpp"

#include <cstdint>
#include <memory>

namespace iox_bridge {

class ConditionVariable {
  public:
    /// Takes over what RouDi made for this process; RouDi keeps the memory until the process ends.
    explicit ConditionVariable(iox::popo::ConditionVariableData& data) noexcept;

    /// Waits until somebody notifies, and answers with the bits of the numbers that were notified, 0 to 63. None is set
    /// after `end`. For one thread, in which no signal may be handled: after five interruptions in a row classic
    /// reports a fatal error.
    std::uint64_t wait() const noexcept;
    /// Ends the wait, now and for ever.
    void end() const noexcept;

    iox::popo::ConditionVariableData& data() const noexcept;

  private:
    iox::popo::ConditionVariableData& data_;
    // Its state is atomic, and what it changes is in shared memory.
    mutable iox::popo::ConditionListener listener_;
};

/// Asks RouDi for a condition variable. Null when it was refused.
std::shared_ptr<ConditionVariable> create_condition_variable() noexcept;

} // namespace iox_bridge
