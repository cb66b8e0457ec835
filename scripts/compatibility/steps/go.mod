module kms-functions/compatibility/steps

go 1.26
