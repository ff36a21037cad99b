import QtQuick

// What the rows with a text have in common; on the screen it is no component for pages.
ListItem {
	id: root

	property string text
	property string caption
	property int writeAccessLevel: VenusOS.User_AccessType_Installer
	property int showAccessLevel: VenusOS.User_AccessType_User
	property bool interactive
	property string shown  // of this stub: what stands on the right

	contentItem: Column {
		spacing: 2
		Row {
			width: parent.width
			Text {
				width: parent.width * 0.55
				text: root.text
				textFormat: root.textFormat
				color: Theme.color_font_primary
				font.pixelSize: 18
				wrapMode: Text.Wrap
			}
			Text {
				objectName: "secondary"
				width: parent.width * 0.45
				text: root.shown
				color: Theme.color_font_secondary
				font.pixelSize: 18
				horizontalAlignment: Text.AlignRight
				wrapMode: Text.Wrap
			}
		}
		Text {
			visible: text !== ""
			width: parent.width
			text: root.caption
			color: Theme.color_font_secondary
			font.pixelSize: 14
			wrapMode: Text.Wrap
		}
	}
}
