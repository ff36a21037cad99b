import QtQuick
ListView { anchors.fill: parent; cacheBuffer: 20000 }
