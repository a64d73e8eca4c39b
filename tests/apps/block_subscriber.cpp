// Subscribes to MarketBlock, as the trading system does.
#include "subscribe.hpp"
#include "topics.hpp"

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-block-subscriber";
    defaults.service = "QAULTRA";
    defaults.instance = "market_stream";
    defaults.event = "Data";
    return subscribeTopic<MarketBlock>(parseOptions(argc, argv, defaults));
}
