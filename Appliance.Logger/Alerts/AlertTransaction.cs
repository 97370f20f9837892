using Microsoft.Data.Sqlite;

namespace Appliance.Logger.Alerts;

/// <summary>A transaction in which alerts of the Logger's own are stored beside what they come from.</summary>
internal sealed class AlertTransaction(SqliteConnection connection, Func<string, StoredAlert?> find, Action<StoredAlert> put)
{
    public SqliteConnection Connection => connection;

    public StoredAlert? Find(string id) => find(id);

    /// <summary>As <see cref="AlertStore.Store"/> does for one alert of the Detector.</summary>
    public void Put(StoredAlert alert) => put(alert);
}
