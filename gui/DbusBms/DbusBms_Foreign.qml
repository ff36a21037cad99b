import QtQuick
import Victron.VenusOS

// A row whose text comes from elsewhere, so it is never taken for markup.
ListItem {
	id: root

	property string title
	property string said

	preferredVisible: said !== ""
	contentItem: Column {
		spacing: 4

		Label {
			width: parent.width
			text: root.title
			font: root.font
			textFormat: Text.PlainText
			wrapMode: Text.Wrap
		}
		Label {
			width: parent.width
			text: root.said
			font.pixelSize: Theme.font_listItem_caption_size
			color: Theme.color_font_secondary
			textFormat: Text.PlainText
			wrapMode: Text.Wrap
		}
	}
}
