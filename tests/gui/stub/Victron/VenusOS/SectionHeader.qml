import QtQuick
Text { color: Theme.color_font_secondary; font.pixelSize: 16; leftPadding: 24; height: 32; verticalAlignment: Text.AlignBottom }
