// Publishes MarketBlock with ticks, as the trading system does.
#include "publish.hpp"
#include "tick_block.hpp"

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-tick-block-publisher";
    defaults.service = "QAULTRA";
    defaults.instance = "market_data";
    defaults.event = "Block";
    return publishTopic<TickBlock>(parseOptions(argc, argv, defaults));
}
