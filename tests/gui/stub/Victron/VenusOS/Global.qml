pragma Singleton
import QtQuick

QtObject {
	property var pushed: []
	property var toasts: []
	property PageManager pageManager: PageManager { }

	function showToastNotification(type, text) { toasts.push(text) }
}
