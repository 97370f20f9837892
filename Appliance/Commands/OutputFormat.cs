namespace Appliance.Commands;

/// <summary>How a command prints its result: for people, or one JSON value.</summary>
internal enum OutputFormat
{
    Table,
    Json,
}
