using System.Diagnostics.CodeAnalysis;
using Appliance.Logger.Storage;
using Microsoft.Data.Sqlite;

namespace Appliance.Logger.Alerts;

/// <summary>Turns an <see cref="AlertQuery"/> into its statement.</summary>
internal static class AlertSelect
{
    [SuppressMessage("Security", "CA2100", Justification = "The text is put together from constants; values travel as parameters.")]
    public static SqliteCommand Statement(SqliteConnection connection, AlertQuery query)
    {
        var conditions = new List<string>();
        var values = new List<(string, object?)> { ("$limit", query.Limit) };
        Add(query.Category, "category = $category", "$category");
        Add(query.MinSeverity is { } word ? AlertWords.Rank(word) : null, "severity >= $severity", "$severity");
        Add(query.Severity is { } exact ? AlertWords.Rank(exact) : null, "severity = $exact_severity", "$exact_severity");
        Add(query.OpenSince?.UtcTicks, "last_time > $open_since AND acknowledge_time IS NULL", "$open_since");
        Add(query.Source, "source = $source", "$source");
        Add(query.Start?.UtcTicks, "time >= $start", "$start");
        Add(query.End?.UtcTicks, "time < $end", "$end");
        if (query.After is { } after)
        {
            conditions.Add("(time, id) < ($after_time, $after_id)");
            values.Add(("$after_time", after.Time.UtcTicks));
            values.Add(("$after_id", after.Id));
        }

        string where = conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions);
        return connection.Statement(
            $"SELECT {AlertRow.Columns} FROM alert {where} ORDER BY time DESC, id DESC LIMIT $limit",
            [.. values]);

        void Add(object? value, string condition, string name)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                values.Add((name, value));
            }
        }
    }
}
