import QtQml.Models
ObjectModel { }
