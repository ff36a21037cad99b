import QtQuick

// A row without anything in it.
Item {
	id: root

	property bool preferredVisible: true
	property int textFormat: Text.AutoText
	property font font: Qt.font({ pixelSize: 18 })
	property Item contentItem: null
	default property alias extra: root.data

	width: parent ? parent.width : 800
	implicitHeight: preferredVisible ? Math.max(45, contentItem ? contentItem.implicitHeight + 16 : 0) : 0
	height: implicitHeight
	visible: preferredVisible

	Rectangle { x: 16; width: parent.width - 32; height: parent.height - 3; radius: 6; color: Theme.color_listItem_background; z: -1 }
	onContentItemChanged: if (contentItem) {
		contentItem.parent = root
		contentItem.x = 32
		contentItem.y = 8
		contentItem.width = Qt.binding(() => root.width - 64)
	}
}
