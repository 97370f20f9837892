using Microsoft.Data.Sqlite;

namespace Appliance.Router;

internal static class SqliteExtensions
{
    /// <summary>Sets the text and the values of a command that is used again and again.</summary>
    public static SqliteCommand With(this SqliteCommand command, string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        command.CommandText = text;
        command.Parameters.Clear();
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    public static List<T> ReadAll<T>(this SqliteCommand command, Func<SqliteDataReader, T> read)
    {
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
