import QtQuick
Item {
	property string title
	default property alias content: inner.data
	Rectangle { anchors.fill: parent; color: Theme.color_page_background }
	Item { id: inner; anchors.fill: parent }
}
