"""What a person needs who has to defend a project: findings and releases turned into answers. Values only; pure."""
