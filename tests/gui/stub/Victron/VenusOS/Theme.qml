pragma Singleton
import QtQuick
QtObject {
	enum ScreenSize { FiveInch, SevenInch, Portrait }
	property int screenSize: Theme.FiveInch
	property bool dark: true
	readonly property int font_listItem_secondary_size: 18
	readonly property int font_listItem_caption_size: 14
	readonly property color color_page_background: dark ? "black" : "#f5f5f5"
	readonly property color color_listItem_background: dark ? "#272622" : "white"
	readonly property color color_font_primary: dark ? "white" : "#272622"
	readonly property color color_font_secondary: dark ? "#969591" : "#64635f"
	readonly property color color_blue: "#387dc5"
	readonly property color color_orange: "#f0962e"
	readonly property color color_red: "#f35c58"
	readonly property color color_green: "#72b84c"
}
