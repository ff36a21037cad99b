pragma Singleton
import QtQuick

QtObject {
	property var pushed: []
	property var toasts: []
	property PageManager pageManager: PageManager { }

	// Without an interval it stays until somebody closes it.
	function showToastNotification(type, text, autoCloseInterval = 0) {
		if (autoCloseInterval <= 0) throw new Error("this would hide the lower rows of the page for good")
		toasts.push(text)
	}
}
