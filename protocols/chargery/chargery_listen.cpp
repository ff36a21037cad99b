// Listening: what there is to say when nothing complete was heard.
#include "chargery/chargery_listen.hpp"

namespace bms::chargery {

Error nothing_complete(const Board& board, bool untouched) {
  if (untouched)
    return {ErrorKind::silent, "listened: not one byte came (is the BMS awake, its display unit on, the wire at COM3?)",
            std::nullopt};
  if (board.fresh_system() && board.fresh_cells())
    return {ErrorKind::silent, "listened: frames 57 and 56 came, but too few to tell how many cells there are",
            std::nullopt};
  if (board.fresh_system())
    return {ErrorKind::silent, "listened: frames 57 came, but none of cells (56)", std::nullopt};
  if (board.fresh_cells()) return {ErrorKind::silent, "listened: frames of cells (56) came, but no 57", std::nullopt};
  return {ErrorKind::garbage, "listened: bytes came, but no frame (polarity or speed of the line?)", std::nullopt};
}

Error firmware_too_old() {
  return {ErrorKind::unsupported,
          "a Chargery BMS with firmware before V1.21, which tells neither the direction of the current nor a state of "
          "charge: have the firmware of the main unit updated",
          std::nullopt};
}

}  // namespace bms::chargery
