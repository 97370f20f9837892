using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Appliance.Logger.Storage;

/// <summary>Short forms for statements with named values.</summary>
internal static class SqliteStatements
{
    public static int Run(this SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = connection.Statement(text, values);
        return command.ExecuteNonQuery();
    }

    public static object? Scalar(this SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = connection.Statement(text, values);
        return command.ExecuteScalar();
    }

    [SuppressMessage("Security", "CA2100", Justification = "Every caller passes constant text; values travel as parameters.")]
    public static SqliteCommand Statement(this SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
