import QtQuick
// Without a caption, and with a text of its own: on the screen it is made in another way.
ListItem {
	id: root
	property string text
	property QuantityObjectModel quantityModel
	property string shown: (quantityModel ? quantityModel.text : "") + "  >"
	signal clicked
	function click() { clicked() }
	contentItem: Row {
		Text { width: parent.width / 2; text: root.text; textFormat: root.textFormat; color: Theme.color_font_primary; font.pixelSize: 18 }
		Text { width: parent.width / 2; text: root.shown; color: Theme.color_font_secondary; font.pixelSize: 18; horizontalAlignment: Text.AlignRight }
	}
}
