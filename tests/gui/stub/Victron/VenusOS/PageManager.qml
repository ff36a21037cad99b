import QtQuick
QtObject { function pushPage(url, properties) { Global.pushed.push([url, properties]) } }
